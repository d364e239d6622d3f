package sim

import (
	"collectsim/sim/loan"
	"collectsim/sim/strategy"
)

// team is the people who serve one channel, and the calendar of visits.
type team struct {
	staff    *strategy.Team
	desks    []desk          // one that serves all regions, or one for each region
	days     [7]strategy.Day // by weekday
	bookings [][]request     // visits by day
	planned  [][loan.NumRegions]int32
}

// desk is the agents of a team who share a queue. Requests that were withdrawn stay in the queue until they
// are popped.
type desk struct {
	agents   float64
	capacity [7]float64 // minutes by weekday
	queue    queue
	waiting  int // requests that still stand
	wanted   bool
	minutes  float64 // worked today
	used     float64 // worked so far
	offered  float64 // minutes on offer so far
	over     float64 // calls: minutes by which short days so far have run over, to be made up for
	taken    day     // visits: up to this day minutes have gone into a visit that is longer than a day
}

// want notes that the strategy asks for the agents; their minutes count from the first day on which it did.
func (d *desk) want(today day) {
	if !d.wanted {
		d.wanted, d.taken = true, today-1
	}
}

func (t *team) begin(staff *strategy.Team, rules *strategy.Guardrails, horizon int) {
	t.staff = staff
	for w := range t.days {
		t.days[w] = staff.Day(w, rules)
	}
	agents := staff.Stationed()
	for len(t.desks) < len(agents) {
		t.desks = append(t.desks, desk{})
	}
	t.desks = t.desks[:len(agents)]
	for k := range t.desks {
		d := desk{agents: agents[k], queue: t.desks[k].queue}
		d.queue.clear()
		for w := range d.capacity {
			d.capacity[w] = staff.Capacity(d.agents, t.days[w].Minutes())
		}
		t.desks[k] = d
	}
	if len(t.bookings) < horizon+maxLead {
		t.bookings = make([][]request, horizon+maxLead)
	}
	for d := range t.bookings {
		t.bookings[d] = t.bookings[d][:0]
	}
	t.planned = resize(t.planned, horizon+maxLead)
}

// desk returns who serves a region.
func (t *team) desk(r loan.Region) *desk {
	if len(t.desks) == 1 {
		return &t.desks[0]
	}
	return &t.desks[r]
}

// rest begins the team's day.
func (t *team) rest() {
	for k := range t.desks {
		t.desks[k].minutes = 0
	}
}

// waiting is the number of requests that stand.
func (t *team) waiting() (n int) {
	for k := range t.desks {
		n += t.desks[k].waiting
	}
	return n
}

// worked is the minutes worked and on offer so far.
func (t *team) worked() (used, offered float64) {
	for k := range t.desks {
		used += t.desks[k].used
		offered += t.desks[k].offered
	}
	return used, offered
}

// utilisation is the share of today's minutes that was worked.
func (e *engine) utilisation(t *team) float64 {
	minutes, capacity := 0.0, 0.0
	for k := range t.desks {
		if d := &t.desks[k]; d.wanted {
			minutes += d.minutes
			capacity += d.capacity[e.weekday(e.today)]
		}
	}
	if capacity > 0 {
		return minutes / capacity
	}
	return 0
}

// fixedCost is what a team costs in a number of days whether it works or not; agents whom the strategy
// never asked for cost nothing.
func (e *engine) fixedCost(t *team, days day) (cost loan.Cents) {
	for k := range t.desks {
		cost += t.desks[k].fixedCost(t.staff, days)
	}
	return cost
}

func (d *desk) fixedCost(staff *strategy.Team, days day) loan.Cents {
	if !d.wanted {
		return 0
	}
	return loan.FromUnits(d.agents * staff.Fixed * float64(days))
}

// borne is the fixed cost of a team that group g bears: a share of the cost of agents who serve all
// regions, and all of the cost of those who serve the group's region alone.
func (e *engine) borne(t *team, g int) (shared, own loan.Cents) {
	if d := e.deskOf(t, g); d != nil {
		return 0, d.fixedCost(t.staff, e.horizon)
	}
	return e.fixedCost(t, e.horizon), 0
}

// deskOf returns the agents who serve the region that group g is, if they serve no other; else nil.
func (e *engine) deskOf(t *team, g int) *desk {
	r := g - int(e.first[byRegion])
	if len(t.desks) == 1 || r < 0 || r >= int(loan.NumRegions) {
		return nil
	}
	return &t.desks[r]
}

// clock returns the hour at which a desk makes its next contact today, and the premium on wages then. stated
// is the hour that the stage states, which counts where the team has no shifts.
func (e *engine) clock(t *team, d *desk, stated uint8) (hour uint8, premium float64) {
	if len(t.staff.Shifts) == 0 {
		return stated, 0
	}
	return t.days[e.weekday(e.today)].At(d.minutes * t.staff.Crew / d.agents)
}

// firstHour returns the hour at which a team's contacts begin on one of its working days.
func (e *engine) firstHour(t *team, on day, stated uint8) uint8 {
	if len(t.staff.Shifts) == 0 {
		return stated
	}
	return uint8(t.days[e.weekday(on)][0].From)
}
