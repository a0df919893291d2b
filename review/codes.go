package review

import "slices"

// Codes lists the codes of the problems and refusals that come from what was typed, chosen and attached (Validate, the
// parsers) and of the automatic checks (Checks), each once. The catalogue of texts has a sentence for each in every
// language; in braces are the arguments that it may use.
func Codes() []string {
	return slices.Concat(formCodes, textCodes, identityCodes, fileCodes, checkCodes)
}

// formCodes are what Validate says of answers; sets of options and ranges included.
var formCodes = []string{
	"kind_unknown",    // the kind of the application is none of the three
	"field_unknown",   // {field} the key is no field of the form
	"slot_unknown",    // {slot} the key is no slot of attachments
	"required",        // a required answer or attachment is missing
	"not_empty",       // a conditional one is there although its condition does not hold
	"not_asked",       // the kind of application does not ask for it
	"derived",         // it is computed and must not be given
	"too_many",        // {max} more answers than allowed
	"repeated",        // the same answer twice
	"alone",           // {option} {option_en} excludes every other option
	"option_unknown",  // {value} is no option
	"option_disabled", // {option} {option_en} is not offered any more
	"flag_form",       // neither yes nor no
	"number_form",     // not a whole number
	"number_range",    // {min} {max} outside the bounds
	"date_form",       // not an existing day written as 2006-01-02
	"date_ahead",      // the day lies ahead
	"date_order",      // {until} first registration not before the end of validity
	"mobile_form",     // not a mobile number
	"phone_form",      // neither a mobile number nor a landline with area code
	"management_form", // not 8 to 32 letters and digits
	"age_range",       // {age} {min} {max}
	"years_age",       // {max} more years in social work than the age allows
	"exam_level",      // {min} senior level before its first examination; also a check
	"consent_missing", // the declaration was not given
	"consent_ahead",   // the declaration was given on a day to come
}

// textCodes are what CheckText and CheckName say.
var textCodes = []string{
	"text_long",      // {max} characters
	"text_encoding",  // {character} {at} not UTF-8, or no character
	"text_control",   // {character} {at} a control character or line break
	"text_bidi",      // {character} {at} reorders the text around it
	"text_hidden",    // {character} {at} an invisible character
	"name_character", // {character} {at} does not occur in names
	"name_separator", // · at an end, or twice in a row
	"name_letters",   // no letter or ideograph at all
}

// identityCodes are what ParseIdentity says, and the answers that must agree with the number.
var identityCodes = []string{
	"identity_length",      // {count} characters instead of 18
	"identity_fifteen",     // a number of 15 digits, not valid any more
	"identity_characters",  // other than 17 digits and a digit or X
	"identity_foreigners",  // foreigners' permanent residence card, which the policy does not admit
	"identity_province",    // no such province
	"identity_birth",       // the birth date does not exist
	"identity_birth_ahead", // the birth date lies ahead
	"identity_checksum",    // the check character does not fit
	"identity_type",        // the type of document does not fit the number
	"identity_sex",         // the sex does not fit the number
}

// fileCodes are what Validate says of attachments; n counts the files of a slot from 1.
var fileCodes = []string{
	"too_many_files", // {max} more files than the slot takes
	"file_type",      // {n} neither JPEG nor PNG nor PDF
	"file_image",     // {n} a PDF where a picture is asked for
	"file_empty",     // {n} has no bytes
	"file_size",      // {n} {max} megabytes
	"file_pixels",    // {n} {max} megapixels
}

// checkCodes are what Checks finds.
var checkCodes = []string{
	"undrawable",               // {characters} the certificate's font cannot draw them
	"name_private",             // {characters} private-use characters (姓名含系统外字)
	"name_lookalike",           // {characters} radicals or compatibility forms that look like ideographs
	"birth_shared",             // {references} of other persons with this name and birth date
	"shared_checked",           // {references} {by} {on} somebody has found that they are not the same
	"name_space",               // a space between two ideographs
	"register_differs",         // from the register's record of the person
	"age_unusual",              // {age} {min} {max}
	"education_low",            // below 普通高中
	"community_employer",       // a community post, but another type of employer
	"community_unproved",       // the post asks for a proof that is not there
	"first_late",               // {until} last day for a first registration
	"management_unusual",       // not 14 to 24 digits
	"management_shared",        // {references} of other persons with this number
	"first_registered_differs", // {register} day in the register
	"expiry_differs",           // {register} last day in the register
	"expiry_far",               // {latest} no validity lasts until the stated last day
	"renewal_early",            // {from} {until} before the window opens; Accept refuses with the same code
	"renewal_expired",          // {until} after the certificate expired; Accept refuses with the same code
	"recipient_incomplete",     // the post needs more
	"picture_small",            // {n} {width} {height} hardly legible
	"picture_dark",             // {n}
	"picture_blank",            // {n}
	"portrait_small",           // {n} {width} {height} {min_width} {min_height}
	"portrait_ratio",           // {n} {width} {height} {ratio}
	"file_shared",              // {n} {references} of other persons with the identical file
	"file_repeated",            // {n} {other} {other_en} slot with the identical file
}
