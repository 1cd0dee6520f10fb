package document

// lookalikes holds pairs: a letter and the Latin one that it is mistaken for,
// after case folding. The pairs are those of Unicode's confusables.txt (UTS
// #39) that a reader does not notice in running text, restricted to letters.
//
// The fold is made in every word, not only in words that mix scripts: a
// Latin word that is spelt with Cyrillic letters throughout must fold too.
// That destroys no Russian or Greek word, since within Cyrillic (but for the
// Bashkir shha), and within Greek, no two letters fold to the same one: as long
// as different words stay different, it does not matter what they look like.
//
// Where a Greek capital looks like another Latin letter than the small one
// (Η like H, η like n), the small one decides, so that case does not matter.
const lookalikes = "" +
	// Cyrillic.
	"аaвbсcԁdеeһhіiјjкkмmнhоoрpԛqѕsтtѵvԝwхxуyӏl" +
	// Greek.
	"αaβbεeιiκkμmνvοoρpτtυuχxγyηnωwζz" +
	// Armenian.
	"օoսuհhոnցgզqյj" +
	// Latin letters that their decomposition leaves as they are.
	"ıiɑaɡgɩiʀrʏyɴnʜhʟlᴀaᴄcᴅdᴇeᴊjᴋkᴍmᴏoᴘpᴛtᴜuᴠvᴡwᴢzꜱsɪiʙbøođdłlħhŧt"
