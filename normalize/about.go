package normalize

// About says in words what a source can tell, for those who decide whether it
// is enough. An empty field is not known.
type About struct {
	Records   string // what it writes down
	Cannot    string // what it does not, and where else that stands
	Identity  string // its ids, and what they are worth
	Time      string // which of its times are used, and how exact they are
	Retention string // how long the source itself keeps it
}
