"""The words that a manifest, a library and a disc's file may use. Readers take their keys from here and the pages under
``docs/`` their tables, so that neither can know a word that the other does not."""
