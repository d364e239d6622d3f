package chart

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"regexp"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// pngDPI is twice a screen's usual 96, so that a slide stays sharp.
const pngDPI = 192

var backends = map[string]func(io.Writer, *picture, *Font) error{"svg": writeSVG, "png": writePNG, "pdf": writePDF}

// writeSVG adds what the back end leaves out: a title for screen readers, fonts of equal widths to fall back on, and the
// width of every text, to which a viewer holds it in whatever font it has.
func writeSVG(w io.Writer, pic *picture, _ *Font) error {
	cv := &tagged{Canvas: vgsvg.New(pic.w, pic.h)}
	pic.draw(draw.New(cv))
	var buf bytes.Buffer
	if _, err := cv.WriteTo(&buf); err != nil {
		return err
	}
	s := svgText.ReplaceAllStringFunc(cv.resolve(buf.String()), withLength)
	s = strings.ReplaceAll(s, "font-family:Liberation Sans;", "font-family:'Liberation Sans',Arial,Helvetica,sans-serif;")
	s = strings.Replace(s, "<svg ", `<svg role="img" `, 1)
	head := fmt.Sprintf("xlink\">\n<title>%s</title>\n", html.EscapeString(pic.title))
	s = strings.Replace(s, "xlink\">\n", head, 1)
	_, err := io.WriteString(w, s)
	return err
}

var svgText = regexp.MustCompile(`<text ([^>]*font-weight:(\w+);[^>]*font-size:([0-9.]+)px[^>]*)>([^<]*)</text>`)

// withLength adds the width that the layout counted on to a text element.
func withLength(element string) string {
	m := svgText.FindStringSubmatch(element)
	size, err := strconv.ParseFloat(m[3], 64)
	if err != nil || m[4] == "" {
		return element
	}
	w := face{size: vg.Length(size), bold: m[2] == "bold"}.width(html.UnescapeString(m[4]))
	return fmt.Sprintf(`<text textLength="%.5g" lengthAdjust="spacingAndGlyphs" %s>%s</text>`, w.Points(), m[1], m[4])
}

func writePNG(w io.Writer, pic *picture, font *Font) error {
	cv := vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(pic.w, pic.h), vgimg.UseDPI(pngDPI))}
	pic.draw(draw.NewCanvas(outlined{cv, font}, pic.w, pic.h))
	_, err := cv.WriteTo(w)
	return err
}
