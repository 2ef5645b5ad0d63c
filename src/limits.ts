/** Every tuning constant, each with its reason. */

/** Numbers of more digits are refused in expressions: they would cost seconds to print and have no use. */
export const MAX_EXPRESSION_DIGITS = 10_000;

/**
 * Room before and behind a fragment's numbers for what is put there: a label, a bracket, and up to 14 numbers whose
 * prefix the slice cuts (11 below 100, or 3 of one prefix). Numbers of up to `MAX_PLACED_DIGITS` digits fit many times over.
 */
export const FRAGMENT_MARGIN_BYTES = 64 * 1024;

/**
 * The most work that a lookup by the closed form takes, as the square of the digits times the digit sum: some seconds and a few
 * hundred MB. Every signature of numbers of 1000 digits can be looked up, and those of small digit sums at any size.
 */
export const MAX_LOOKUP_WORK = 1e10;

/** Numbers of more digits are refused in a plan: at 4000 it takes a third of a second, and the time grows with their square. */
export const MAX_PLANNED_DIGITS = 4000;

/**
 * Numbers of more digits can be planned and looked up, but are not built: placing them takes each worker a table of
 * digit sums that grows with the third power of the digits, 50 MB at 300 and 1.2 GB at 1000.
 */
export const MAX_PLACED_DIGITS = 300;

/** A spool counts numbers, and tells them apart, by their offsets from the first one: doubles that are exact. */
export const MAX_SPOOLED_NUMBERS = 2n ** 53n;

/** A build keeps some 16 bytes for each of its jobs, and lists them when it goes on: 10 million take it a second. */
export const MAX_BUILD_JOBS = 10_000_000n;

/**
 * A worker groups a job in slices of at most this many numbers: it holds 12 bytes for each prefix, a hundredth of
 * them, and the text of the largest bucket, some 2 MB. Larger slices write longer fragments, which the page cache takes faster.
 */
export const SLICE_NUMBERS = 100_000_000n;

/** Below this a log would consist of progress lines. */
export const MIN_PROGRESS_INTERVAL_S = 0.1;

/** A day. Node's timers turn anything above 24.8 days into 1 ms. */
export const MAX_PROGRESS_INTERVAL_S = 86_400;

/** The longest that a timer of Node waits: a longer one fires at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** Fast enough for the clock of the bar to look alive, slow enough to cost nothing on a remote terminal. */
export const BAR_FRAMES_PER_S = 5;

/** A narrower terminal gets the short form of the bar: the long one needs about this much for its text alone. */
export const NARROW_TERMINAL_COLUMNS = 60;

/** Cells of a bar: with fewer it says no more than the percentage, with more it only pulls the text apart. */
export const MIN_BAR_CELLS = 8;
export const MAX_BAR_CELLS = 40;

/** Rates are those of the last 15 s: long enough to even out jobs that end in bursts, short enough to follow the disk. */
export const RATE_WINDOW_MS = 15_000;

/** Jobs that end closer together share a sample, so that a window of tiny jobs stays short. */
export const RATE_SAMPLE_GAP_MS = 250;

/** npm and npx pass the terminal's Ctrl-C on to a child that has already got it: the echo is no second request. */
export const SIGNAL_ECHO_MS = 500;

/** A worker thread takes some 10 MB and four file descriptors; nobody has more CPUs than this, but typing errors do. */
export const MAX_CPUS = 1024;

/** A longer line of standard input is a file without line ends; a number of 16 million digits still fits. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** Explanations are written in pieces of this size: a number of thousands of digits explains itself in hundreds of MB. */
export const EXPLANATION_BATCH_CHARS = 65_536;

/** Chunks of text are gathered up to this size per write: larger writes are no faster, smaller ones cost a call each. */
export const WRITE_BUFFER_BYTES = 65_536;

/** A smaller manifest is read as a whole at once: that takes less than a millisecond. */
export const MANIFEST_WHOLE_BYTES = 64 * 1024;

/** After so many lookups in its text a manifest is read as a whole, which takes as long as some hundreds of them. */
export const MANIFEST_TEXT_LOOKUPS = 200;

/** A longer journal line is damage, not a record, and must not fill the memory. A checkpoint takes some 100 kB at most. */
export const JOURNAL_LINE_MAX_BYTES = 64 * 1024 * 1024;

/** Node reads no text above 512 MiB into a string. A manifest takes some 100 bytes for each file and bucket. */
export const MANIFEST_MAX_BYTES = 500 * 1024 * 1024;

/** How long who finds the folder locked waits for the lock file to name the holder; it is to end within a second. */
export const LOCK_NAMING_MS = 300;
export const LOCK_POLL_MS = 20;

/** A lock file without content is looked at again after this time: on a disk without links it may just be being written. */
export const LOCK_GARBLED_MS = 50;

/** How often the holder of a folder's lock shows in the lock file that it lives. */
export const LOCK_RENEWAL_MS = 500;

/** How long a lock whose holder cannot be judged is watched for a renewal; a busy main thread may skip several. */
export const LOCK_WATCH_MS = 5_000;

/** How often such a lock is looked at. */
export const LOCK_WATCH_POLL_MS = 200;

/** Each further try means that a lock came or went meanwhile; so many in a row are not chance. */
export const LOCK_ATTEMPTS = 10;

/** A lock file holds some 500 bytes and the command line. */
export const LOCK_FILE_MAX_BYTES = 1024 * 1024;

/** A file of one job up to this size is put together in memory and written at once; a larger one has long fragments. */
export const IMAGE_BYTES = 64 * 1024 * 1024;

/**
 * A default job is no larger: its longest fragments have 100 KB, which the page cache takes about as fast as longer ones;
 * at 1e9 there are 50 jobs, and a worker needs little more memory than at 1e8.
 */
export const DEFAULT_CHUNK_MAX = 20_000_000n;

/**
 * A worker's garbage is collected once there are a few MB of it. Left to itself, V8 lets every thread gather some 50 MB,
 * and wins no time by it: the large buffers are not garbage.
 */
export const WORKER_YOUNG_GENERATION_MB = 8;

/** A range is split into at least this many jobs by default: enough for the CPUs of a home PC and for a bar that moves. */
export const DEFAULT_JOBS_MIN = 10n;

/** A job's file has some 10 MB by default: written at once, and small enough for editors and `JSON.parse`. */
export const JOB_LAYOUT_CHUNK_MAX = 1_000_000n;

/** More files than this in a folder are slow to list; a default job grows before there are more. */
export const JOB_LAYOUT_FILES_MAX = 10_000n;

/** Between two checkpoints lie at least 5 s: what a kill can cost, and seldom enough to cost nothing. */
export const CHECKPOINT_INTERVAL_MS = 5_000;

/** A checkpoint is due once ten times the last one's duration has passed: syncing takes a tenth of the time at most. */
export const CHECKPOINT_DUTY = 10;

/** Files read back at once when a build goes on: as many as libuv's default thread pool reads. */
export const FILES_CHECKED_AT_ONCE = 4;

/** Reading back more than this takes a second or more, and is said. */
export const SAID_CHECK_BYTES = 1_000_000_000n;

/** File syncs under way at once: as many as libuv's default thread pool runs. The file system joins their commits. */
export const SYNCS_AT_ONCE = 4;

/** Descriptors left for the runtime, its threads, the journal and whatever else the process opens. */
export const RESERVED_DESCRIPTORS = 64;
export const RESERVED_DESCRIPTORS_PER_WORKER = 8;

/** Where the system does not say how many files a process may open, it is at least this. */
export const DESCRIPTORS_ASSUMED = 256;

/** What a file takes on the disk is rounded up to whole blocks of this size; so is an estimate of its folder entry. */
export const DISK_BLOCK_BYTES = 4096n;

/** An entry of the manifest takes at least about this; for the free-space check, which must not refuse what fits. */
export const MANIFEST_ENTRY_BYTES = 50n;

/** More tries of a job than this are a typing error. */
export const MAX_RETRIES = 1000;

/** A job whose worker died is given out again this often; after that the job itself must be at fault. */
export const WORKER_DEATH_RETRIES = 2;

/** One whose worker's heap was full: a fresh one helps where earlier jobs left something; filling it takes long. */
export const FULL_HEAP_RETRIES = 1;

/** A stopped build ends within 5 s: running jobs have most of them to finish. */
export const STOP_GRACE_MS = 3_000;

/** Whoever then does not end at its next write, a plug-in that computes for long, is ended with its thread. */
export const STOP_CUT_MS = 500;

/** Shards are made of at least so many equal cells: the largest is a sixteenth larger than the smallest at most. */
export const SHARD_CELLS_MIN = 16n;

/** Nobody has as many machines; and each shard begins and ends a process. */
export const MAX_SHARDS = 1_000_000;

/**
 * A worker that copies from files of jobs reads whole files of up to this size together at once, and writes what they
 * hold of a bucket in one piece: enough for long pieces, little enough for a worker's memory.
 */
export const COPY_IMAGES_BYTES = 128 * 1024 * 1024;

/** A file that is copied as it is is read in pieces of this size: larger ones are no faster. */
export const COPY_PIECE_BYTES = 8 * 1024 * 1024;

/** Files looked at at once before a merge: as many as keep a network disk busy without filling its queue. */
export const STATS_AT_ONCE = 16;

/**
 * Jobs that fill no decimal blocks together are looked at one by one to foretell their tables' size, a few µs each: so
 * many take some seconds, and so many files are too many for a folder anyway.
 */
export const MAX_MEASURED_JOBS = 1_000_000;

/**
 * The closed form keeps its rows of up to so many digits: some 30 MB at worst. Of longer ones it keeps every so many,
 * and derives what it needs of the others: a thousand digits take some 100 MB then, not 1.5 GB.
 */
export const ROWS_KEPT_DIGITS = 128;
export const ROWS_KEPT_EVERY = 16;

/** Table files that a reader holds open at once, where the system's limit allows twice as many: one per signature of 1e9. */
export const MAX_OPEN_TABLE_FILES = 8192;

/** A bucket is streamed in blocks of this size: larger reads are no faster. */
export const STREAM_BLOCK_BYTES = 256 * 1024;

/** A table file without closed form is searched for its buckets in blocks of this size. */
export const SCAN_BLOCK_BYTES = 256 * 1024;

/** Files of jobs whose buckets a reader remembers the places of: each takes some 500 kB. */
export const KEPT_JOB_PLACEMENTS = 64;

/** And buckets of them all together, at 150 bytes each. */
export const KEPT_JOB_BUCKETS = 1_000_000;

/** Buckets that a reader remembers what it found out of, some 500 bytes each: all of the built-in signature's at 1e100. */
export const KEPT_BUCKET_READERS = 100_000;

/** Table files are checked in blocks of this size: what is read is still in the CPU's cache when it is looked at. */
export const CHECK_BLOCK_BYTES = 256 * 1024;

/** Larger files are checked in parts of this size, so that all CPUs share them. */
export const CHECK_SPAN_BYTES = 32 * 1024 * 1024;

/**
 * Files of one family are compared in parts of this size: what the others are made of stays in the CPU's cache; smaller
 * parts open files more often, and of larger ones a slow disk reads for seconds without a word of progress.
 */
export const CHECK_SIBLING_BYTES = 2 * 1024 * 1024;

/**
 * A manifest that claims no more bytes than this is taken at its word when its files are cut into parts: half a million parts at most. Of
 * larger ones it is looked up what is there, which takes a thread some 5 µs per file before any check begins.
 */
export const CHECK_CLAIMED_BYTES = 2 ** 40;

/** A task of a check has about so many bytes, or so many files: some 10 ms, so that handing it over costs nothing. */
export const CHECK_TASK_BYTES = 16 * 1024 * 1024;
export const CHECK_TASK_FILES = 512;

/** A longer key is a mistake, and no file name, label or message is made for it. */
export const MAX_KEY_BYTES = 64 * 1024;

/**
 * Numbers are grouped by a function in slices of at most this many: 8 MB of bucket numbers and order, which a CPU's
 * cache still helps with; larger ones are no faster.
 */
export const GROUPED_SLICE_NUMBERS = 1_000_000;

/** A job that has to be one slice has at most so many numbers: no more keys fit into a `Map`. */
export const GROUPED_SLICE_MAX = 16_000_000;

/** What a slice holds for each of its numbers: its bucket and its place in the order, 4 bytes each. */
export const SLICE_BYTES_PER_NUMBER = 8;

/**
 * What a slice holds for each of its keys besides the key's own bytes: the entry of the map, up to 84 bytes while it
 * grows; the text's header, 40; columns that have just doubled, 96; the spool entry that is being put together, 40.
 */
export const SLICE_BYTES_PER_KEY = 276;

/** A key's own bytes stand in the text (twice that where it is not Latin), in an arena that has just doubled, and in an entry. */
export const SLICE_COPIES_OF_KEYS = 6;

/**
 * Slices of an aggregate end here, whatever the memory: where a slice ends decides how sums of fractions are rounded,
 * and results depend on nothing but the command. At worst they take some 120 MB.
 */
export const AGGREGATE_SLICE_KEYS = 250_000;
export const AGGREGATE_SLICE_KEY_BYTES = 10 * 1024 * 1024;

/** Texts are put together in blocks of this size before they are written: larger writes are no faster. */
export const SPOOL_BLOCK_BYTES = 2 * 1024 * 1024;

/**
 * What phase 2 and 3 hold for a key of a partition, of 40 bytes at most on the average: 8 to 16 bytes of hash slots,
 * 8 of hash and place, 48 of columns, 18 of an aggregate, and the key.
 */
export const PARTITION_BYTES_PER_KEY = 130;

/** Fewer numbers to a partition are not worth its share of every slice: 40 bytes and three reads. */
export const PARTITION_NUMBERS_MIN = 100_000n;

/** Each slice has a row for each partition: 40 bytes, so 2.6 MB at most. */
export const MAX_PARTITIONS = 65_536;

/** Runs are merged from blocks of this size, one of each at a time: 65,536 of them take 1 GB, the usual hundred 1.6 MB. */
export const RUN_BLOCK_BYTES = 16 * 1024;

/** The places of a run's buckets are gathered up to this many per write: 4 KB for each of the runs. */
export const PLACES_BLOCK = 512;

/** A key's part of a file name, in bytes: with a number behind it and the ending it stays below the 255 of most disks. */
export const MAX_KEY_NAME_BYTES = 200;

/** More files than this in a folder are a burden to every program that lists it: `--layout single` has room for all keys. */
export const MAX_SIGNATURE_FILES = 100_000;

/** A manifest with more buckets than this would be as large as a table: they get a file of their own. */
export const MANIFEST_MAX_BUCKETS = 200_000;

/** The lines of such a file are sorted in portions of this size: with the texts' headers they take some 100 MB. */
export const BUCKET_SORT_BYTES = 64 * 1024 * 1024;

/** The lines are written and read in blocks of this size: larger ones are no faster. */
export const LIST_BLOCK_BYTES = 64 * 1024;

/** A line of such a file has some 100 bytes: with a read of this size it and its beginning are found, mostly. */
export const LIST_PROBE_BYTES = 1024;

/** Of the memory that there is, a build with a plug-in uses so much unless told otherwise: the rest is the page cache's. */
export const DEFAULT_MEMORY_SHARE = 0.5;

/** The heap of a worker thread may have so many MB however many threads there are: loading TypeScript takes some 50. */
export const LEAST_HEAP_MB = 128;

/**
 * A process that runs a plug-in ends when its resident memory is above `--max-memory` by this share and these bytes: Node, the
 * threads' young generations and garbage not yet collected. A thread that fills its heap alone stays below that.
 */
export const MEMORY_SLACK_SHARE = 0.25;
export const MEMORY_SLACK_BYTES = 128 * 1024 * 1024;

/** What plug-ins load comes on top, up to this share of the memory that there is. */
export const MOST_MEMORY_SHARE = 0.85;

/** How often resident memory is looked at: code that does nothing but fill the memory gets some 200 MB meanwhile. */
export const MEMORY_WATCH_MS = 100;

/** The main thread's heap may fill up to this share of what V8 allows it, where the process would be aborted. */
export const MAIN_HEAP_SHARE = 0.85;

/** How long the main thread may take to end the process by itself when the memory is full, before it is killed. */
export const MEMORY_GRACE_MS = 1_500;

/** What Node, the main thread and each worker need before any number is grouped. */
export const BASE_MEMORY_BYTES = 64 * 1024 * 1024;
export const WORKER_MEMORY_BYTES = 40 * 1024 * 1024;

/** With less than this, a worker's slices would be too short to be worth spooling. */
export const WORKER_BUDGET_MIN_BYTES = 16 * 1024 * 1024;

/**
 * JSON above this size is looked over for brackets in brackets before it is parsed, each level of which takes memory: smaller
 * texts hold too few of them to matter.
 */
export const NESTING_FREE_BYTES = 8 * 1024 * 1024;

/** Manifests and journals have four levels at most. */
export const NESTING_MAX_DEPTH = 16;

/** A line of a list of buckets holds a key of up to 64 KiB, which escapes make six times as long. */
export const LIST_LINE_MAX_BYTES = 1024 * 1024;

/** A bucket's value is read as a whole, and V8 takes no text of twice that. */
export const VALUE_MAX_BYTES = 256 * 1024 * 1024;

/** Deeper than any value that a program can do something with. */
export const VALUE_MAX_DEPTH = 1000;

/** How long a worker's lock on a job holds: what the death of a machine costs, before its jobs start elsewhere. */
export const QUEUE_LOCK_MS = 30_000;

/** How often workers look for jobs whose lock has run out: with the lock, a job starts again within 40 s. */
export const QUEUE_STALL_CHECK_MS = 5_000;

/** A job may lose its worker this often: machines may come and go all day. BullMQ's own 1 fails a job at the second death. */
export const QUEUE_MAX_STALLS = 20;

/** A lock is renewed every 15 s: one that was not in this time may be gone in 5 s, and the job be given to another. */
export const QUEUE_LOCK_LOST_MS = 25_000;

/** How often a job that fails by itself is tried in all: a full disk or a mount may come back. */
export const QUEUE_ATTEMPTS = 5;

/** And how long after the failure: long enough for another machine to take it. */
export const QUEUE_RETRY_MS = 1_000;

/** A connection that says nothing for so long while it should is cut and made anew: half-open ones are back in 16 s. */
export const QUEUE_SILENCE_MS = 15_000;

/** A lost connection is tried again at least this often. */
export const QUEUE_RECONNECT_MS = 3_000;

/** The first connection has this long. */
export const QUEUE_CONNECT_MS = 10_000;

/** A queue that has not answered for so long ends a build: its folder and its results are kept. */
export const QUEUE_OUTAGE_MS = 15 * 60_000;

/** How often a build looks what has become of its jobs: often enough that short jobs follow each other. */
export const QUEUE_POLL_MS = 250;

/** Jobs of a build in the queue at once: enough for the threads of a few thousand machines, few enough to look at 4 times a second. */
export const QUEUE_WINDOW = 2_000;

/** A job that is nowhere in the queue is looked for so often, since it may be moving, and then given out again. */
export const QUEUE_UNSEEN_POLLS = 8;

/** A result that its worker has written may take this long to be seen over NFS, which remembers what was not there. */
export const RESULT_LAG_MS = 60_000;

/** How often machines and builds say that they are there. */
export const QUEUE_BEAT_MS = 3_000;

/** Who has said nothing for so long counts as silent: ten beats, and some difference of clocks. */
export const QUEUE_SILENT_MS = 30_000;

/** A record of a machine that has been silent for a day is removed. */
export const QUEUE_RECORD_MS = 24 * 3_600_000;

/** A worker looks for a build's folder this long: a network mount may show a new folder late. */
export const FOLDER_LAG_MS = 10_000;

/**
 * Jobs are to be this many per thread, so that none waits long for the slowest: with ten, a machine of a sixteenth of another's speed
 * could hold a build up for half of its time, with fifty for a tenth.
 */
export const QUEUE_JOBS_PER_THREAD = 50n;

/** But only ten where jobs would be shorter than handing them out and writing their results is worth. */
export const QUEUE_JOBS_PER_THREAD_MIN = 10n;

/** Numbers of such a job: by a function, a tenth of a second; */
export const QUEUE_CHUNK_AMPLE = 100_000n;

/** and by the closed form, whose jobs begin and end a build of their own. */
export const QUEUE_PLACED_CHUNK_AMPLE = 20_000_000n;

/** Threads to reckon with where no worker is there yet: those of a few machines. */
export const QUEUE_THREADS_ASSUMED = 32;

/** Jobs do not become smaller for the sake of many threads: handing one out costs some milliseconds. */
export const QUEUE_CHUNK_MIN = 1_000n;

/** A worker keeps its threads for a build whose jobs come no more for this long: another build needs the memory. */
export const QUEUE_IDLE_POOL_MS = 60_000;

/** A worker that is told to stop at once has this long to give its jobs back; who leaves a server that is away waits no longer for it. */
export const QUEUE_GIVE_BACK_MS = 3_000;

/** And its process ends after this long, whatever a package still waits for. */
export const WORKER_EXIT_MS = 500;

/** A worker that cannot work on a build takes no job for this long, and for twice as long each time in a row … */
export const QUEUE_REFUSED_MS = 250;

/** … up to this. */
export const QUEUE_REFUSED_MOST_MS = 4_000;

/** Table sets of jobs that a build leaves without merging them, at most: a folder each, and a reader looks through their manifests. */
export const QUEUE_SHARDS_MAX = 100_000n;

/** And so many times the jobs that its threads need: more are only more folders. */
export const QUEUE_SHARDS_SPARE = 2n;

/**
 * Shards of a sharded table set that a reader holds open at once: each takes some MB for its manifest and what was found out of its
 * buckets, and opening one again takes a few ms.
 */
export const KEPT_OPEN_SHARDS = 32;

/** Numbers of members that a reader remembers, one for each key and shard, where no closed form tells them: some 40 bytes each. */
export const KEPT_SHARD_COUNTS = 1_000_000;

/** Longer lines of help are hard to read; shorter ones leave no room for what stands beside a flag. */
export const HELP_COLUMNS = 100;
export const HELP_COLUMNS_MIN = 60;

/** What `doctor` writes to measure a disk: enough to get past its small caches, little enough for any. */
export const DOCTOR_FILE_BYTES = 256 * 1024 * 1024;
export const DOCTOR_WRITE_BYTES = 8 * 1024 * 1024;

/** A slower disk is measured by what it took in this time. */
export const DOCTOR_WRITE_MS = 10_000;

/** Syncs that `doctor` takes the median of: at 50 ms each they take a second. */
export const DOCTOR_SYNCS = 20;

/** It says so where fewer files than this may be open: a billion numbers have 5,608 tables, all written to by turns. */
export const DOCTOR_DESCRIPTORS = 8192;

/** And where fewer files than this can be made. */
export const DOCTOR_INODES = 100_000;

/** Columns of the report's heat map: more would be narrower than a pixel or two; numbers above some 1e18 share them. */
export const REPORT_COLUMNS = 160;

/** Keys that are numbers get a bar each up to this many, and share as many above; finer bars cannot be told apart. */
export const REPORT_BARS = 160;

/** Keys with names get a bar each up to this many: each has a line of text. */
export const REPORT_NAMED_BARS = 40;

/** Places of the curve of sizes by rank: as many as it is some pixels wide. */
export const REPORT_RANKS = 400;

/** The largest and the smallest buckets that a report lists. */
export const REPORT_LISTED = 10;

/** Values of an aggregated table set are read one by one, at some 20 µs each; with more, a report shows sizes. */
export const REPORT_VALUES = 20_000;

/** A text of a table set, such as a key, is cut off at this: whoever made it may have made it long. */
export const REPORT_TEXT_CHARS = 64;

/** Steps of a reduction that the page lists: the first and the last, half of each, where there are more. */
export const REPORT_STEPS = 60;

/** And at most so many when all are asked for: more rows make a browser slow. */
export const REPORT_STEPS_MAX = 5000;

/** A system that has nothing to show a page with says so sooner; one that has may go on for as long as the page is shown. */
export const OPEN_FAILURE_MS = 2000;

/** A live page gets where the build stands so often: it looks alive, and costs a fifth of a millisecond each time. */
export const LIVE_UPDATE_MS = 500;

/** Cells of a live page's grid: as many as a phone shows without scrolling far; with more jobs a cell stands for several. */
export const LIVE_CELLS = 1000;

/** Points of a live page's charts: more than a chart has pixels for are of no use. Once there are so many, every second goes. */
export const LIVE_HISTORY_POINTS = 240;

/** Workers and machines that a live page lists: more would make each update large; the others are counted. */
export const LIVE_LISTED = 64;

/** Messages that a live page shows, the newest. */
export const LIVE_MESSAGES = 20;

/** Pages that may look at once: each is sent some 10 kB with every update. */
export const LIVE_VIEWERS = 20;

/** How long a build that has ended waits for its last word to reach the pages. */
export const LIVE_GOODBYE_MS = 200;

/** A merge through a spool holds slices of so many bytes and pieces of buckets: little beside a worker's budget. */
export const COPIED_SLICE_BYTES = 4 * 1024 * 1024;
export const COPIED_SLICE_PIECES = 100_000;

/** A job of such a merge reads files of so many bytes together, or so many: a second or so, and what a kill costs. */
export const COPIED_JOB_BYTES = 128 * 1024 * 1024;
export const COPIED_JOB_FILES = 2_000;

/** A config, an address or a certificate has a few kB. A password manager asks its user for longer than a moment. */
export const NAMED_FILE_LIMITS = { maxBytes: 1024 * 1024, pipeMs: 10_000 };

/** A signature's module with all that it needs bundled into it has some MB. */
export const MODULE_MAX_BYTES = 64 * 1024 * 1024;

/** A package.json is read for its `type` alone; larger ones are not looked into. */
export const PACKAGE_MAX_BYTES = 16 * 1024 * 1024;
