package exchange

import "slices"

// Codes lists the codes of this package's own Errors and problems, each once. The catalogue of texts has a sentence for
// each; in braces are the arguments that it may use. {file} is the sender's name of a file.
func Codes() []string {
	return slices.Concat(pathCodes, zipCodes, jsonCodes, fileCodes, withdrawalCodes, sheetCodes, exportCodes)
}

// pathCodes are what is said of places.
var pathCodes = []string{
	"path_missing",      // nothing lies there
	"path_kind",         // neither a folder nor a .zip nor a .json
	"document_missing",  // a folder of attachments without application.json
	"folders_deep",      // {max} folders within each other
	"entries_many",      // {max} more entries than a zip file or a folder may have
	"application_large", // {max} more megabytes than an application may have
	"name_text",         // a name with characters that do not show, or that some system takes for a path
	"name_twice",        // two names that some file system takes for the same
}

// zipCodes are what is said of zip files.
var zipCodes = []string{
	"zip_damaged",   // cannot be read, or says other sizes than it has
	"zip_path",      // an entry that leads out of the folder, is absolute or no plain name
	"zip_encrypted", // an entry with a password
	"zip_ratio",     // {max} an entry that unpacks to more than so many times its size
	"zip_nested",    // a zip file inside a zip file
}

// jsonCodes are what is said of documents. {key} is the path to a key, {line} a line of the document.
var jsonCodes = []string{
	"json_large",     // {max} more bytes than a document may have
	"json_encoding",  // not UTF-8
	"json_syntax",    // {line}
	"json_deep",      // {line} {max} nested too deep
	"json_twice",     // {line} {key} stands twice in one object
	"json_trailing",  // {line} something after the document
	"json_object",    // not an object
	"format_unknown", // {format}
	"format_newer",   // {format} {known} written by a newer program
	"key_unknown",    // {key}
	"key_text",       // {key} control characters, escape sequences or bidirectional overrides
	"type_text",      // {key} must be a string
	"type_number",    // {key} must be a whole number
	"type_flag",      // {key} must be true or false
	"type_list",      // {key} must be a list of strings
	"type_object",    // {key} must be an object
	"time_form",      // {key} must be a time of RFC 3339
}

// fileCodes are what is said of attachments.
var fileCodes = []string{
	"file_name",          // {file} is not the plain name of a file in the folder
	"file_repeated_name", // {file} stands twice in one slot
	"file_unnamed",       // {file} lies there and no attachment names it
	"file_missing",       // {file} is named and does not lie there
	"file_link",          // {file} is a link
	"file_special",       // {file} is a device, a pipe or the like
	"file_unreadable",    // {file} {cause} the system does not let us read it
	"file_large",         // {file} {max} more megabytes than a file may have
	"file_hash",          // {file} does not have the stated SHA-256
	"file_content",       // {file} {found} the content is not what the name says
	"file_strange",       // {file} neither JPEG nor PNG nor PDF, nor anything else that is known
	"file_kind",          // {file} {found} neither JPEG nor PNG nor PDF
	"file_empty_content", // {file} has no bytes
	"file_megapixels",    // {file} {width} {height} {max} too many pixels
	"file_costly",        // {file} takes too much memory to decode, as large progressive JPEGs do
	"file_damaged",       // {file} cannot be decoded to its end
	"file_turn",          // {file} is a PDF, which cannot be turned
}

// withdrawalCodes are what is said of withdrawals.
var withdrawalCodes = []string{
	"withdrawal_ahead", // its time lies ahead
	"withdrawal_early", // {reference} its time lies before the submission that is there now
}

// sheetCodes are what is said of sheets of legacy certificates, of their rows and portraits.
var sheetCodes = []string{
	"sheet_old",               // an .xls, or a workbook with a password
	"sheet_encoding",          // UTF-16 or no text at all
	"sheet_damaged",           // a workbook that cannot be read or is too large unpacked
	"sheet_empty",             // no row of labels
	"sheet_several",           // {sheet} a second sheet that holds something
	"column_unknown",          // {column} a further column that holds something
	"column_twice",            // {column}
	"column_missing",          // {column}
	"row_quotes",              // quotation marks that do not match
	"row_wide",                // {max} more columns than a row may have
	"cell_long",               // {max} more bytes than a cell may have
	"cell_rounded",            // a long number that the spreadsheet program has rounded
	"certificate_number_form", // not a certificate number
	"portrait_twice",          // two portraits of one person
	"portrait_pixels",         // {width} {height} {min_width} {min_height} too small
}

// exportCodes are what is said of exports.
var exportCodes = []string{
	"certificate_meanwhile", // {certificate} was taken back or changed while it was being written
}
