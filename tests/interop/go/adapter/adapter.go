// Package adapter is the frame of every adapter in Go: a document on standard input, its values as JSON on standard
// output; with --frames many of them, as "wevcorpus run --persistent" sends them.
package adapter

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// Values is what a library read: the header by its keys, the Data elements by name.
type Values struct {
	Header map[string]string `json:"header"`
	Data   map[string]any    `json:"data"` // nil: the library drops the field

}

var keys = map[[2]string]string{
	{"Provider", "Name"}: "Provider", {"Provider", "Guid"}: "Guid", {"TimeCreated", "SystemTime"}: "TimeCreated",
	{"Correlation", "ActivityID"}: "ActivityID", {"Execution", "ProcessID"}: "ProcessID",
	{"Execution", "ThreadID"}: "ThreadID", {"Security", "UserID"}: "UserID",
}

const texts = " EventID Version Level Task Opcode Keywords EventRecordID Channel Computer "

// New is an event of which nothing has been read.
func New() *Values { return &Values{map[string]string{}, map[string]any{}} }

// Attribute of a child of System.
func (v *Values) Attribute(element, name, value string) {
	if key, ok := keys[[2]string{element, name}]; ok {
		v.Header[key] = value
	}
}

// System is the text of a child of System.
func (v *Values) System(element, text string) {
	if strings.Contains(texts, " "+element+" ") {
		v.Header[element] = text
	}
}

// Read is the adapter itself: an error refuses.
type Read func(document []byte) (*Values, error)

func line(read Read, document []byte) (string, error) {
	v, err := read(document)
	if err != nil {
		return "", err
	}
	// A name with U+0000 cannot be told: no reader of JSON need take it.
	for name, value := range v.Data {
		if strings.Contains(name, "\x00") {
			delete(v.Data, name)
			v.Data[strings.ReplaceAll(name, "\x00", "\ufffd")] = value
		}
	}
	out, err := json.Marshal(v)
	return string(out), err
}

func frames(read Read) error {
	in, out := bufio.NewReader(os.Stdin), bufio.NewWriter(os.Stdout)
	for {
		head, err := in.ReadString('\n')
		if err == io.EOF {
			return nil
		}
		n, err := strconv.Atoi(strings.TrimSuffix(head, "\n"))
		if err != nil {
			return err
		}
		document := make([]byte, n)
		if _, err = io.ReadFull(in, document); err != nil {
			return err
		}
		answer, err := line(read, document)
		if err != nil {
			answer = "reject " + strconv.QuoteToASCII(fmt.Sprintf("%.200s", err))
		}
		fmt.Fprintln(out, answer)
		out.Flush()
	}
}

// Main answers for a process.
func Main(read Read) {
	if len(os.Args) > 1 && os.Args[1] == "--frames" {
		if err := frames(read); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		return
	}
	var document bytes.Buffer
	if _, err := document.ReadFrom(os.Stdin); err != nil {
		os.Exit(2)
	}
	answer, err := line(read, document.Bytes())
	if err != nil {
		fmt.Fprintf(os.Stderr, "%.500s\n", err)
		os.Exit(1)
	}
	fmt.Println(answer)
}
