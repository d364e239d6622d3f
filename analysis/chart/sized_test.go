package chart_test

import (
	"reflect"

	"collectsim/analysis/chart"
)

// sized is a chart in another size.
type sized struct {
	c    chart.Chart
	w, h float64
}

// chart gives a copy of the chart with the size set in its Frame.
func (s sized) chart() chart.Chart {
	v := reflect.New(reflect.TypeOf(s.c)).Elem()
	v.Set(reflect.ValueOf(s.c))
	v.FieldByName("Width").SetFloat(s.w)
	v.FieldByName("Height").SetFloat(s.h)
	return v.Interface().(chart.Chart)
}
