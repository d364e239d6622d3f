package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// browser is a page in a headless Chromium, spoken to over a pair of pipes in the DevTools protocol:
// messages of JSON, each ended by a zero byte.
type browser struct {
	t       *testing.T
	in      *os.File
	replies chan browserMessage
	id      int
	session string
	events  []browserMessage
}

type browserMessage struct {
	ID     int             `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// patience bounds every wait for the browser.
const patience = time.Minute

// newBrowser starts the browser; nil where there is none, which is a failure where COLLECTSIM_CI is set.
func newBrowser(t *testing.T) *browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("COLLECTSIM_CI") != "" {
			t.Fatal("chromium is not installed, and COLLECTSIM_CI is set")
		}
		t.Log("chromium is not installed: pages are not looked at")
		return nil
	}
	theirIn, ourOut, err1 := os.Pipe()
	ourIn, theirOut, err2 := os.Pipe()
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	c := exec.Command(path, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars", "--user-data-dir="+t.TempDir(), "--remote-debugging-pipe", "about:blank")
	c.ExtraFiles = []*os.File{theirIn, theirOut} // its file descriptors 3 and 4
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	theirIn.Close()
	theirOut.Close()
	b := &browser{t: t, in: ourOut, replies: make(chan browserMessage, 10000)}
	go b.read(ourIn)
	t.Cleanup(func() {
		b.send("Browser.close", nil)
		done := make(chan error, 1)
		go func() { done <- c.Wait() }()
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			c.Process.Kill()
			<-done
		}
		ourOut.Close()
		ourIn.Close()
	})
	b.attach()
	return b
}

// read hands every message on until the browser is gone.
func (b *browser) read(pipe *os.File) {
	defer close(b.replies)
	r := bufio.NewReaderSize(pipe, 1<<20)
	for {
		text, err := r.ReadBytes(0)
		if err != nil {
			return
		}
		var m browserMessage
		if json.Unmarshal(bytes.TrimSuffix(text, []byte{0}), &m) == nil {
			b.replies <- m
		}
	}
}

// attach opens a page and turns on its reports.
func (b *browser) attach() {
	b.t.Helper()
	var target struct{ TargetID string }
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var session struct{ SessionID string }
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &session)
	b.session = session.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		b.call(domain+".enable", nil, nil)
	}
}

func (b *browser) send(method string, params any) int {
	b.id++
	text, err := json.Marshal(map[string]any{"id": b.id, "method": method, "params": params, "sessionId": b.session})
	if b.session == "" {
		text, err = json.Marshal(map[string]any{"id": b.id, "method": method, "params": params})
	}
	if err == nil {
		_, err = b.in.Write(append(text, 0))
	}
	if err != nil {
		b.t.Errorf("%s: %v", method, err)
	}
	return b.id
}

// next waits for a message; events are kept.
func (b *browser) next(doing string) browserMessage {
	b.t.Helper()
	select {
	case m, ok := <-b.replies:
		if !ok {
			b.t.Fatalf("%s: the browser is gone", doing)
		}
		if m.Method != "" {
			b.events = append(b.events, m)
		}
		return m
	case <-time.After(patience):
		b.t.Fatalf("%s: no answer in %v", doing, patience)
	}
	return browserMessage{}
}

// call sends a command and reads its result.
func (b *browser) call(method string, params map[string]any, result any) {
	b.t.Helper()
	if params == nil {
		params = map[string]any{}
	}
	id := b.send(method, params)
	for {
		m := b.next(method)
		if m.ID != id {
			continue
		}
		if m.Error != nil {
			b.t.Fatalf("%s: %s", method, m.Error.Message)
		}
		if result != nil {
			if err := json.Unmarshal(m.Result, result); err != nil {
				b.t.Fatalf("%s: %v", method, err)
			}
		}
		return
	}
}

// open loads a page and forgets what happened before.
func (b *browser) open(url string) {
	b.t.Helper()
	b.events = nil
	var nav struct{ ErrorText string }
	b.call("Page.navigate", map[string]any{"url": url}, &nav)
	if nav.ErrorText != "" {
		b.t.Fatalf("%s: %s", url, nav.ErrorText)
	}
	for {
		for _, e := range b.events {
			if e.Method == "Page.loadEventFired" {
				return
			}
		}
		b.next("load of " + url)
	}
}

// size sets the window in CSS pixels.
func (b *browser) size(width, height int) {
	b.t.Helper()
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}, nil)
}

// ask evaluates an expression of JavaScript on the page.
func (b *browser) ask(expression string, value any) {
	b.t.Helper()
	var reply struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	b.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &reply)
	if e := reply.ExceptionDetails; e != nil {
		b.t.Fatalf("%s: %s %s", expression, e.Text, e.Exception.Description)
	}
	if value == nil {
		return
	}
	if err := json.Unmarshal(reply.Result.Value, value); err != nil {
		b.t.Fatalf("%s: %v: %s", expression, err, reply.Result.Value)
	}
}

// text is what a reader sees of an element.
func (b *browser) text(selector string) string {
	b.t.Helper()
	var s string
	b.ask(fmt.Sprintf("document.querySelector(%q).innerText", selector), &s)
	return s
}

// number evaluates an expression that gives a number.
func (b *browser) number(expression string) float64 {
	b.t.Helper()
	var x float64
	b.ask(expression, &x)
	return x
}

// mouse moves the pointer or presses a button.
func (b *browser) mouse(kind string, x, y float64) {
	b.t.Helper()
	p := map[string]any{"type": kind, "x": x, "y": y}
	if kind != "mouseMoved" {
		p["button"], p["clickCount"] = "left", 1
	}
	b.call("Input.dispatchMouseEvent", p, nil)
}

func (b *browser) key(name string) {
	b.t.Helper()
	b.call("Input.dispatchKeyEvent", map[string]any{"type": "keyDown", "key": name, "code": name}, nil)
	b.call("Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "key": name, "code": name}, nil)
}

// complaints are messages of the console, uncaught exceptions, and log entries since the page was opened.
func (b *browser) complaints() []string {
	var list []string
	for _, e := range b.events {
		switch e.Method {
		case "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded":
			list = append(list, e.Method+": "+string(e.Params))
		}
	}
	return list
}

// requests are the addresses that the page asked for since it was opened, those inside the page left out.
func (b *browser) requests() []string {
	var list []string
	for _, e := range b.events {
		var p struct{ Request struct{ URL string } }
		if e.Method == "Network.requestWillBeSent" && json.Unmarshal(e.Params, &p) == nil && !strings.HasPrefix(p.Request.URL, "data:") {
			list = append(list, p.Request.URL)
		}
	}
	return list
}
