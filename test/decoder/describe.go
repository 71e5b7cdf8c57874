package main

import (
	"google.golang.org/protobuf/reflect/protoreflect"
)

// description is what the messages hold, so that whoever generates specs needs no other knowledge of them.
type description struct {
	// Kinds gives the name of a kind's message.
	Kinds map[string]string `json:"kinds"`
	// Messages gives the fields of a message by their JSON names.
	Messages map[string]map[string]field `json:"messages"`
}

type field struct {
	// Type is that of the value, of an item of a list, or of a value of a map: "int32", "string", "bytes", "bool",
	// "enum", or the full name of a message.
	Type  string   `json:"type"`
	Names []string `json:"names,omitempty"` // of an enumeration, the zero first
	List  bool     `json:"list,omitempty"`
	// Key is the type of a map's keys.
	Key string `json:"key,omitempty"`
	// Oneof names the choice that the field is a member of.
	Oneof string `json:"oneof,omitempty"`
}

func describe() description {
	d := description{Kinds: map[string]string{}, Messages: map[string]map[string]field{}}
	for kind, message := range kinds {
		descriptor := message.ProtoReflect().Descriptor()
		d.Kinds[kind] = string(descriptor.FullName())
		d.add(descriptor)
	}
	return d
}

func (d description) add(message protoreflect.MessageDescriptor) {
	name := string(message.FullName())
	if d.Messages[name] != nil || message.FullName().Parent() == "google.protobuf" {
		return
	}
	d.Messages[name] = map[string]field{}
	for i := range message.Fields().Len() {
		f := message.Fields().Get(i)
		d.Messages[name][f.JSONName()] = d.describeField(f)
	}
}

func (d description) describeField(f protoreflect.FieldDescriptor) field {
	made := field{List: f.IsList()}
	if oneof := f.ContainingOneof(); oneof != nil {
		made.Oneof = string(oneof.Name())
	}
	value := f
	if f.IsMap() {
		made.Key = f.MapKey().Kind().String()
		value = f.MapValue()
	}
	made.Type = value.Kind().String()
	if value.Message() != nil {
		made.Type = string(value.Message().FullName())
		d.add(value.Message())
	}
	if value.Enum() != nil {
		for i := range value.Enum().Values().Len() {
			made.Names = append(made.Names, string(value.Enum().Values().Get(i).Name()))
		}
	}
	return made
}
