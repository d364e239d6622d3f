package strategy

// Hours are the hours of the day in which contact is allowed.
type Hours struct {
	From int `yaml:"contact_from,omitempty" check:"[0,24]" doc:"hour from which contact is allowed"`
	To   int `yaml:"contact_to,omitempty" check:"[0,24]" doc:"hour until which contact is allowed; 0: midnight"`
}

// defaultHour is the hour of contacts that state none.
const defaultHour = 11

// Name of the rule.
func (Hours) Name() string { return "hours" }

// Forbids contact outside of the hours; formal steps have none.
func (h Hours) Forbids(_ *Observed, a *Action, _ *Teams) bool {
	hour := int(a.Hour)
	if hour == 0 {
		hour = defaultHour
	}
	return !a.Channel.Kind().Formal && (hour < h.From || h.To > 0 && hour >= h.To)
}

// Weekdays keeps weekends free of calls and visits.
type Weekdays bool

// Name of the rule.
func (Weekdays) Name() string { return "weekday" }

// Forbids personal contact on Saturdays and Sundays.
func (Weekdays) Forbids(o *Observed, a *Action, _ *Teams) bool {
	return a.Channel.Kind().Personal && o.Weekday >= 5
}
