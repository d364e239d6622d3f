package chart

import (
	"bytes"
	"image"
	"image/color"
	"io"
	"math"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// pdfDate stands in every file in place of the present time, so that equal charts are equal bytes.
var pdfDate = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// pdfCanvas draws on one page of PDF.
//
// Note: gonum's vgpdf was tried first. It embeds only one font a document, darkens transparent colours, writes UTF-8 where
// its fonts want Windows-1252, and hides the document whose dates must be fixed.
type pdfCanvas struct {
	doc   *fpdf.Fpdf
	h     vg.Length
	fonts map[string]bool
	err   error
}

func writePDF(w io.Writer, pic *picture, font *Font) error {
	doc := fpdf.NewCustom(&fpdf.InitType{
		UnitStr: "pt",
		Size:    fpdf.SizeType{Wd: pic.w.Points(), Ht: pic.h.Points()},
	})
	doc.SetCreationDate(pdfDate)
	doc.SetModificationDate(pdfDate)
	doc.SetCatalogSort(true)
	doc.SetTitle(pic.title, true)
	doc.SetMargins(0, 0, 0)
	doc.SetAutoPageBreak(false, 0)
	doc.AddPage()
	cv := &pdfCanvas{doc: doc, h: pic.h, fonts: map[string]bool{}}
	pic.draw(draw.NewCanvas(outlined{cv, font}, pic.w, pic.h))
	if cv.err != nil {
		return cv.err
	}
	return doc.Output(w)
}

// at turns a place, measured from the lower left, into the page's, measured from the upper left.
func (p *pdfCanvas) at(pt vg.Point) (x, y float64) { return pt.X.Points(), (p.h - pt.Y).Points() }

func (p *pdfCanvas) SetLineWidth(w vg.Length) { p.doc.SetLineWidth(w.Points()) }

func (p *pdfCanvas) SetLineDash(pattern []vg.Length, offset vg.Length) {
	ds := make([]float64, len(pattern))
	for i, d := range pattern {
		ds[i] = d.Points()
	}
	p.doc.SetDashPattern(ds, offset.Points())
}

func (p *pdfCanvas) SetColor(c color.Color) {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	r, g, b := int(n.R), int(n.G), int(n.B)
	p.doc.SetFillColor(r, g, b)
	p.doc.SetDrawColor(r, g, b)
	p.doc.SetTextColor(r, g, b)
	p.doc.SetAlpha(float64(n.A)/255, "Normal")
}

func (p *pdfCanvas) Stroke(path vg.Path) { p.path(path, "D") }
func (p *pdfCanvas) Fill(path vg.Path)   { p.path(path, "F") }

func (p *pdfCanvas) path(path vg.Path, style string) {
	for _, k := range path {
		x, y := p.at(k.Pos)
		switch k.Type {
		case vg.MoveComp:
			p.doc.MoveTo(x, y)
		case vg.LineComp:
			p.doc.LineTo(x, y)
		case vg.ArcComp:
			p.arc(k)
		case vg.CurveComp:
			p.curve(k)
		case vg.CloseComp:
			p.doc.ClosePath()
		}
	}
	p.doc.DrawPath(style)
}

// arc follows the arc in steps of at most 5 degrees; at the sizes of markers that is a circle.
func (p *pdfCanvas) arc(k vg.PathComp) {
	n := int(math.Abs(k.Angle)/(math.Pi/36)) + 1
	for i := range n + 1 {
		s, c := math.Sincos(k.Start + k.Angle*float64(i)/float64(n))
		p.doc.LineTo(p.at(vg.Point{X: k.Pos.X + k.Radius*vg.Length(c), Y: k.Pos.Y + k.Radius*vg.Length(s)}))
	}
}

func (p *pdfCanvas) curve(k vg.PathComp) {
	x, y := p.at(k.Pos)
	ax, ay := p.at(k.Control[0])
	if len(k.Control) == 1 {
		p.doc.CurveTo(ax, ay, x, y)
		return
	}
	bx, by := p.at(k.Control[1])
	p.doc.CurveBezierCubicTo(ax, ay, bx, by, x, y)
}

// FillString writes text with the face's own outlines embedded.
func (p *pdfCanvas) FillString(f font.Face, pt vg.Point, s string) {
	name := f.Name()
	if !p.fonts[name] {
		var ttf bytes.Buffer
		if _, err := f.Face.WriteSourceTo(nil, &ttf); err != nil {
			p.err = err
			return
		}
		p.doc.AddUTF8FontFromBytes(name, "", ttf.Bytes())
		p.fonts[name] = true
	}
	p.doc.SetFont(name, "", f.Font.Size.Points())
	x, y := p.at(pt)
	p.doc.Text(x, y, s)
}

// The charts of this package neither turn nor move the page, and place no images.
func (p *pdfCanvas) Rotate(float64)     { panic("chart: pdf: Rotate is not supported") }
func (p *pdfCanvas) Translate(vg.Point) { panic("chart: pdf: Translate is not supported") }
func (p *pdfCanvas) Scale(_, _ float64) { panic("chart: pdf: Scale is not supported") }
func (p *pdfCanvas) DrawImage(vg.Rectangle, image.Image) {
	panic("chart: pdf: DrawImage is not supported")
}
func (p *pdfCanvas) Push() {}
func (p *pdfCanvas) Pop()  {}
