// Package graphics draws pictures in a terminal, in the colours that it has.
//
// A character cell is taken as twice as high as wide, so that each shows two
// square pixels: an upper half block coloured above and below. Terminals
// without colour get brightness in ASCII characters, which no terminal takes
// for wide, whatever its locale.
//
// What is drawn are lines of an exact width that end in a reset, so that they
// can stand beside other text. Lines are short, since they may have to pass a
// slow line: a colour is named only where it changes, and in true colour a
// difference that nobody sees is no change.
//
// The package decodes nothing and knows no files; pictures come decoded, and a
// part of one is shown by its SubImage.
package graphics
