// clbanning/mxj, which Datadog's agent reads events with: a map of maps, attributes with a hyphen, text as #text.
package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/clbanning/mxj/v2"

	"wevgen/interop/adapter"
)

func many(x any) []any {
	if list, ok := x.([]any); ok {
		return list
	}
	return []any{x}
}

func text(x any) string {
	if m, ok := x.(map[string]any); ok {
		x = m["#text"]
	}
	if x == nil {
		return ""
	}
	return fmt.Sprint(x)
}

func read(document []byte) (*adapter.Values, error) {
	root, err := mxj.NewMapXml(document)
	if err != nil {
		return nil, err
	}
	event, ok := root["Event"].(map[string]any)
	if !ok {
		return nil, errors.New("no Event")
	}
	v := adapter.New()
	system, _ := event["System"].(map[string]any)
	for name, x := range system {
		for key, value := range asMap(x) {
			v.Attribute(name, strings.TrimPrefix(key, "-"), fmt.Sprint(value))
		}
		v.System(name, text(x))
	}
	for _, x := range many(asMap(event["EventData"])["Data"]) {
		if name, ok := asMap(x)["-Name"].(string); ok {
			v.Data[name] = text(x)
		}
	}
	return v, nil
}

func asMap(x any) map[string]any {
	m, _ := x.(map[string]any)
	return m
}

func main() { adapter.Main(read) }
