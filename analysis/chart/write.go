package chart

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"strings"

	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// pngDPI is twice a screen's usual 96, so that a slide stays sharp.
const pngDPI = 192

var backends = map[string]func(io.Writer, *picture) error{"svg": writeSVG, "png": writePNG, "pdf": writePDF}

// writeSVG adds what the back end leaves out: a title for screen readers and fonts of equal widths to fall back on.
func writeSVG(w io.Writer, pic *picture) error {
	cv := &tagged{Canvas: vgsvg.New(pic.w, pic.h)}
	pic.draw(draw.New(cv))
	var buf bytes.Buffer
	if _, err := cv.WriteTo(&buf); err != nil {
		return err
	}
	s := strings.ReplaceAll(cv.resolve(buf.String()), "font-family:Liberation Sans;", "font-family:'Liberation Sans',Arial,Helvetica,sans-serif;")
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
