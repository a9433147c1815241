package client

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Set puts value into the field of request (a pointer to a request type of
// package wire) that is the query parameter name. Lists are separated by
// commas. The error names the parameters there are.
func Set(request any, name, value string) error {
	var field reflect.Value
	target := reflect.ValueOf(request).Elem()
	walk(target, func(n string, v reflect.Value) {
		if n == name {
			field = v
		}
	})
	if !field.IsValid() {
		names := Parameters(target.Interface())
		slices.Sort(names)
		return fmt.Errorf("unknown parameter %q; want one of %s", name, strings.Join(names, ", "))
	}
	switch field.Kind() {
	case reflect.Int:
		n, err := strconv.Atoi(value)
		if err != nil {
			return fmt.Errorf("%s: want a number, got %q", name, value)
		}
		field.SetInt(int64(n))
	case reflect.Slice:
		field.Set(reflect.ValueOf(strings.Split(value, ",")))
	default:
		field.SetString(value)
	}
	return nil
}
