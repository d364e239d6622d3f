package chart

import (
	"bytes"
	"fmt"
	"html"
	"image/color"
	"io"
	"strings"
	"sync"
	"time"

	"codeberg.org/go-pdf/fpdf"
	xfont "golang.org/x/image/font"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgpdf"
	"gonum.org/v1/plot/vg/vgsvg"
)

// pngDPI is twice a screen's usual 96, so that a slide stays sharp.
const pngDPI = 192

var backends = map[string]func(io.Writer, *picture) error{"svg": writeSVG, "png": writePNG, "pdf": writePDF}

// writeSVG adds what the back end leaves out: a title for screen readers and fonts of equal widths to fall back on.
func writeSVG(w io.Writer, pic *picture) error {
	cv := vgsvg.New(pic.w, pic.h)
	pic.draw(draw.New(cv))
	var buf bytes.Buffer
	if _, err := cv.WriteTo(&buf); err != nil {
		return err
	}
	s := strings.ReplaceAll(buf.String(), "font-family:Liberation Sans;", "font-family:'Liberation Sans',Arial,Helvetica,sans-serif;")
	s = strings.Replace(s, "<svg ", `<svg role="img" `, 1)
	head := fmt.Sprintf("xlink\">\n<title>%s</title>\n", html.EscapeString(pic.title))
	s = strings.Replace(s, "xlink\">\n", head, 1)
	_, err := io.WriteString(w, s)
	return err
}

func writePNG(w io.Writer, pic *picture) error {
	cv := vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(pic.w, pic.h), vgimg.UseDPI(pngDPI))}
	pic.draw(draw.New(cv))
	_, err := cv.WriteTo(w)
	return err
}

// pdfFixed makes PDF files of equal charts equal: the library would write the present time and go through its fonts in
// map order. It offers only process-wide defaults for both, and its canvas hides the document.
var pdfFixed = sync.OnceFunc(func() {
	day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	fpdf.SetDefaultCreationDate(day)
	fpdf.SetDefaultModificationDate(day)
	fpdf.SetDefaultCatalogSort(true)
})

func writePDF(w io.Writer, pic *picture) error {
	pdfFixed()
	cv := vgpdf.New(pic.w, pic.h)
	pic.draw(draw.NewCanvas(pdfCanvas{cv}, pic.w, pic.h))
	_, err := cv.WriteTo(w)
	return err
}

// pdfCanvas mends three things in vgpdf: it darkens transparent colours (it takes alpha-premultiplied channels for plain
// ones), it cannot find a bold font it has just registered, and it writes UTF-8 where the embedded fonts want
// Windows-1252. Runes outside that set become question marks.
type pdfCanvas struct{ *vgpdf.Canvas }

func (p pdfCanvas) SetColor(c color.Color) { p.Canvas.SetColor(plainRGBA{c}) }

func (p pdfCanvas) FillString(f font.Face, pt vg.Point, s string) {
	if f.Font.Weight == xfont.WeightBold {
		f.Font.Weight = xfont.WeightNormal
		f.Font.Variant += "Bold"
	}
	p.Canvas.FillString(f, pt, windows1252(s))
}

func windows1252(s string) string {
	enc := encoding.ReplaceUnsupported(charmap.Windows1252.NewEncoder())
	out, err := enc.String(s)
	if err != nil { // not reached: unsupported runes are replaced
		return s
	}
	return strings.ReplaceAll(out, "\x1a", "?")
}

// plainRGBA gives the channels without alpha multiplied in.
type plainRGBA struct{ color.Color }

func (p plainRGBA) RGBA() (r, g, b, a uint32) {
	n := color.NRGBA64Model.Convert(p.Color).(color.NRGBA64)
	return uint32(n.R), uint32(n.G), uint32(n.B), uint32(n.A)
}
