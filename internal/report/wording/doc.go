// Package wording says results in words and tables, once for all reports. It knows no
// format but the escapes of Markdown, and writes nothing to anywhere.
package wording
