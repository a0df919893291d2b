// Package demo makes up people and everything that they and the desk did: a data folder to try the program on, from a few
// applications to a million. Nobody in it exists. Identity numbers are well-formed, with valid check characters, mobiles
// begin with 13800, and every paper says 样本 across its face.
//
// # How it is made
//
//	person   somebody with a name, an identity number and a job, from seed and index alone
//	story    what happened to a person, planned with all its times (scenarios, oddities)
//	outline  a first pass over all stories, which gives certificates their numbers in the order of their issue
//	telling  a second pass, which carries each story out by the methods of package review and draws the papers
//
// The first people, fullPeople of them, have papers drawn in full. Those after them form the crowd, whose pictures are
// slips and mosaics of a few hundred bytes; each person's are their own, so that the checks for shared files mean
// something at any size. Oddities are mistakes to be found: every automatic check is met in a demo of 300 applications.
//
// A few people stand at the counter: the clerk's drafts lie half-way, and a folder in the data folder stands for the
// scanner's, with the papers of the next one.
//
// # Rules of the package
//
// The same options give the same records and the same bytes of files, on any number of processors: each person has
// random streams of their own, seeded by index and purpose. Person and story do not depend on how many applications are
// made, apart from the last story, which may end early. Memory does not grow with the number of applications, but for
// about 20 bytes each in the outline.
package demo
