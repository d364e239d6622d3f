package overlay

import (
	"github.com/goccy/go-yaml/ast"
)

// converter turns the parser's tree into nodes: it resolves aliases and merge keys and finds duplicate keys.
type converter struct {
	*report
	anchors map[string]*node
	stopped bool // too deep or too large: reported once
}

// convert returns nil if the value cannot be used; that is reported.
func (c *converter) convert(a ast.Node, path string, depth int) *node {
	if c.stopped || a == nil {
		return nil
	}
	n := &node{size: 1}
	n.line, n.col = position(a)
	if depth > MaxDepth {
		c.stop(n, path, "nested deeper than %d levels", MaxDepth)
		return nil
	}
	switch a := a.(type) {
	case *ast.NullNode:
		n.kind, n.implicit = kindNull, a.GetToken().Type.String() == "ImplicitNull"
	case *ast.AnchorNode:
		return c.anchor(a, path, depth)
	case *ast.AliasNode:
		return c.alias(n, a, path)
	case *ast.MappingNode:
		return c.mapping(n, a.Values, path, depth)
	case *ast.MappingValueNode:
		return c.mapping(n, []*ast.MappingValueNode{a}, path, depth)
	case *ast.SequenceNode:
		return c.sequence(n, a, path, depth)
	case *ast.LiteralNode:
		n.text, n.quoted = a.Value.Value, true
	case *ast.StringNode:
		n.text, n.quoted = a.Value, isQuote(a)
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		n.text = a.GetToken().Value
	case *ast.TagNode:
		c.at(n, path, "tags such as %s are not supported", a.GetToken().Value)
		return nil
	default:
		c.at(n, path, "this form of YAML is not supported")
		return nil
	}
	return c.count(n, path)
}

func isQuote(a *ast.StringNode) bool {
	t := a.GetToken().Type.String()
	return t == "SingleQuote" || t == "DoubleQuote"
}

// count refuses what aliases have multiplied beyond reason.
func (c *converter) count(n *node, path string) *node {
	if n.size > MaxNodes {
		c.stop(n, path, "more than %d values", MaxNodes)
	}
	if c.stopped {
		return nil
	}
	return n
}

// stop reports that the document is beyond reading; nothing else is worth saying of it.
func (c *converter) stop(n *node, path, format string, args ...any) {
	if !c.stopped {
		c.stopped, c.errs = true, nil
		c.at(n, path, format, args...)
	}
}

func (c *converter) anchor(a *ast.AnchorNode, path string, depth int) *node {
	n := c.convert(a.Value, path, depth+1)
	if n != nil && a.Name != nil {
		c.anchors[a.Name.GetToken().Value] = n
	}
	return n
}

// alias copies the top of the anchored value, so that faults point to the place of use; its parts are shared.
func (c *converter) alias(n *node, a *ast.AliasNode, path string) *node {
	if a.Value == nil {
		c.at(n, path, "alias without a name")
		return nil
	}
	name := a.Value.GetToken().Value
	of, ok := c.anchors[name]
	if !ok {
		c.at(n, path, "alias *%s has no anchor &%s before it", name, name)
		return nil
	}
	copied := *of
	copied.line, copied.col = n.line, n.col
	return c.count(&copied, path)
}

func (c *converter) sequence(n *node, a *ast.SequenceNode, path string, depth int) *node {
	n.kind = kindSequence
	for i, v := range a.Values {
		item := c.convert(v, joinIndex(path, i), depth+1)
		if item == nil {
			continue
		}
		n.items = append(n.items, item)
		n.size += item.size
	}
	return c.count(n, path)
}

func (c *converter) mapping(n *node, values []*ast.MappingValueNode, path string, depth int) *node {
	n.kind = kindMapping
	lines := map[string]int{}
	var merges []*node
	for _, mv := range values {
		if _, merge := mv.Key.(*ast.MergeKeyNode); merge {
			merges = append(merges, c.merge(mv.Value, path, depth)...)
			continue
		}
		p, ok := c.key(mv.Key, path)
		if !ok {
			continue
		}
		at := join(path, p.key)
		if first, dup := lines[p.key]; dup {
			c.add(p.line, p.col, at, "duplicate key, first on line %d", first)
			continue
		}
		lines[p.key] = p.line
		if p.val = c.convert(mv.Value, at, depth+1); p.val == nil {
			continue
		}
		if p.val.implicit {
			p.val.line, p.val.col = p.line, p.col // there is nothing to point to
		}
		n.pairs = append(n.pairs, p)
		n.size += p.val.size
	}
	c.mergeInto(n, merges, lines)
	return c.count(n, path)
}

// mergeInto adds the pairs of merge keys that the mapping does not have itself; earlier merges win.
func (c *converter) mergeInto(n *node, merges []*node, have map[string]int) {
	for _, m := range merges {
		for _, p := range m.pairs {
			if _, own := have[p.key]; own {
				continue
			}
			have[p.key] = p.line
			n.pairs = append(n.pairs, p)
			n.size += p.val.size
		}
	}
}

// merge returns the mappings that a merge key names: one mapping or a list of them.
func (c *converter) merge(a ast.Node, path string, depth int) []*node {
	n := c.convert(a, join(path, "<<"), depth+1)
	if n == nil {
		return nil
	}
	from := []*node{n}
	if n.kind == kindSequence {
		from = n.items
	}
	for _, m := range from {
		if m.kind != kindMapping {
			c.at(m, join(path, "<<"), "must be a mapping to merge, got %s", m.describe())
			return nil
		}
	}
	return from
}

// key reads a scalar key as text.
func (c *converter) key(a ast.MapKeyNode, path string) (pair, bool) {
	var p pair
	p.line, p.col = position(a)
	switch k := a.(type) {
	case *ast.MappingKeyNode:
		inner, ok := k.Value.(ast.MapKeyNode)
		if ok {
			return c.key(inner, path)
		}
	case *ast.StringNode:
		p.key = k.Value
		return p, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode, *ast.InfinityNode, *ast.NanNode:
		p.key = a.GetToken().Value
		return p, true
	}
	c.add(p.line, p.col, path, "a key must be plain or quoted text")
	return p, false
}
