// Package review is the domain: how social workers' professional certificates are registered in Chengdu. It holds the
// application and its workflow, the form, the rules, the rights, the dates, the certificates and the policy, as pure
// functions: actor, time, policy and the facts of the register are parameters; nothing here reads a file or a clock.
//
// Basis: 《社会工作者职业水平证书登记办法》 民发〔2009〕44号 ("the Measures").
//
// # Terms
//
//	application 申请    what a person files: first registration, renewal or completion of a record
//	revision    版本    one submission of an application; a resubmission adds one
//	level       级      a step of review; the policy has one to five
//	decision    决定    what a level said of a revision
//	certificate 登记证书 what the last level's approval issues; each renewal or completion adds a version
//	policy      政策设置 what the law leaves open, as dated data
//
// # Rules of the package
//
// A change is a method that takes actor, input and time and returns an Event or an error; on error nothing is changed.
// There is one answer to "may I?": Application.Can for what the workflow decides, Actor rights for the rest. Texts for
// people are not here: problems and refusals carry codes and arguments, and the catalogue of texts says them in Chinese
// and English. Labels of fields and options are data, and are here.
package review
