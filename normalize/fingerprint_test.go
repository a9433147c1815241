package normalize

import "testing"

func TestTemplate(t *testing.T) {
	cases := map[string]string{
		"":                                     "",
		"Connection timed out":                 "Connection timed out",
		"User 4711 not found":                  "User # not found",
		"user ada@example.com is locked":       "user # is locked",
		`Attribute "title" is required`:        "Attribute # is required",
		"Action 'Notify_customer' was skipped": "Action # was skipped",
		"the connection's token of Bob's app":  "the connection's token of Bob's app",
		"request 5f3c9a10-0000-4000-8000-00 failed after 30s": "request # failed after #",
		"GET https://example.com/v1/users/00u1":               "GET https://example.com/#/users/#",
		"unclosed 'quote of words":                            "unclosed 'quote of words",
		"Ünïcode naïve":                                       "Ünïcode naïve",
	}
	for message, want := range cases {
		if got := string(appendTemplate(nil, message)); got != want {
			t.Errorf("template of %q: got %q, want %q", message, got, want)
		}
	}
	const message = "Provisioning of user Ada Example to app Adaptive failed for Ada Example."
	want := "Provisioning of user # to app Adaptive failed for #."
	if got := string(appendTemplate(nil, message, "Ada Example", "Ada", "")); got != want {
		t.Errorf("names in %q: got %q, want %q", message, got, want)
	}
}

func TestFingerprint(t *testing.T) {
	print := func(r Record) string {
		var n Normalizer
		return n.fingerprint(&r)
	}
	base := Record{ErrorClass: "permanent", ErrorCategory: "not_found", ErrorCode: "404", ErrorMessage: "user 1 of Ada Example not found", SubjectName: "Ada Example"}
	same := base
	same.ErrorMessage, same.SubjectName = "user 2 of User One not found", "User One"
	if print(base) != print(same) || len(print(base)) != 16 {
		t.Errorf("one cause, two fingerprints: %s, %s", print(base), print(same))
	}
	for name, change := range map[string]func(*Record){
		"class":    func(r *Record) { r.ErrorClass = "temporary" },
		"category": func(r *Record) { r.ErrorCategory = "auth" },
		"code":     func(r *Record) { r.ErrorCode = "410" },
		"type":     func(r *Record) { r.ErrorType = "gone" },
		"message":  func(r *Record) { r.ErrorMessage = "user 1 is gone" },
	} {
		other := base
		change(&other)
		if print(base) == print(other) {
			t.Errorf("another %s, yet the same fingerprint", name)
		}
	}
}
