package loan

// Channel is a way of contacting a borrower, or a step taken against one.
type Channel uint8

// The channels that code names. A channel that is in the table alone is as good.
const (
	NoChannel Channel = iota
	SMS
	App
	Letter
	Email
	Bot
	Call
	Visit
	Agency
	LegalLetter
	Lawsuit
	Bureau
)

// channels is the registry. Its order gives the numbers, which name random draws: new channels come last.
var channels = [...]ChannelKind{
	NoChannel:   {Name: "none"},
	SMS:         {Name: "sms", Counts: AsMessage},
	App:         {Name: "app", Counts: AsMessage},
	Letter:      {Name: "letter", Counts: AsMessage, Formal: true},
	Email:       {Name: "email", Counts: AsMessage},
	Bot:         {Name: "bot", Doc: "automated voice call", Class: Voice, Counts: AsCall, Personal: true},
	Call:        {Name: "call", Doc: "call by an agent", Class: Voice, Counts: AsCall, Personal: true, Avoidable: true, Agents: true},
	Visit:       {Name: "visit", Doc: "home visit", Class: InPerson, Personal: true, Avoidable: true},
	Agency:      {Name: "agency", Doc: "placement with a third-party agency", Class: InPerson, Counts: AsCall, Personal: true, Places: true},
	LegalLetter: {Name: "legal-letter", Counts: AsMessage, Exempt: true, Formal: true, Legal: true},
	Lawsuit:     {Name: "lawsuit", Class: InPerson, Formal: true, Legal: true},
	Bureau:      {Name: "bureau-notice", Doc: "notice to the credit bureau", Counts: AsMessage, Exempt: true, Formal: true, Reports: true},
}

// NumChannels is the number of channels, NoChannel among them. Masks of channels have room for 16.
const NumChannels = Channel(len(channels))

const _ = 16 - NumChannels // does not compile if there are more

// ChannelKind is what sets a channel apart, besides costs and responses, which scenarios state.
type ChannelKind struct {
	Name      string
	Doc       string // for lists and schemas
	Class     ContactClass
	Counts    CountedAs
	Exempt    bool // a step of law: counted, but free of the limits on calls and messages
	Personal  bool // somebody speaks with the borrower
	Avoidable bool // a stressed borrower does not answer or open
	Formal    bool // a letter or legal step: free of hours, and allowed to one who asked for contact to stop
	Legal     bool // its cost is a legal one
	Agents    bool // waits for the calling agents; automated or bought by the piece if not
	Places    bool // places the account with an agency, which earns its fee from then on
	Reports   bool // reports the borrower to the credit bureau
}

// ContactClass groups the channels that share the memory by which contacts saturate.
type ContactClass uint8

// The classes.
const (
	InWriting ContactClass = iota
	Voice
	InPerson
	NumContactClasses
)

// CountedAs is the tally of the last days that a contact counts in.
type CountedAs uint8

// The tallies.
const (
	Uncounted CountedAs = iota
	AsMessage
	AsCall // lender and agency count together
)

// Kind returns what sets the channel apart. The result is shared: do not change it.
func (c Channel) Kind() *ChannelKind { return &channels[c] }

func (c Channel) String() string {
	if c < NumChannels {
		return channels[c].Name
	}
	return name(nil, int(c))
}

// MarshalText writes the name.
func (c Channel) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads a name; the error lists the valid ones.
func (c *Channel) UnmarshalText(text []byte) error {
	var names []string
	for i := range channels {
		names = append(names, channels[i].Name)
	}
	return parse(names, "channel", text, c)
}
