-- Every table of the store file. Times are whole epoch seconds UTC; `row` is the dense number of an
-- account, never reused. In a WITHOUT ROWID table the key comes first, in key order: SQLite 3.40 reports
-- false errors otherwise.

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE import_run (
    id INTEGER PRIMARY KEY,
    what TEXT NOT NULL,              -- archive, accounts, list, handles, sync, demo
    source TEXT NOT NULL,            -- file name, or 'X API'
    source_rank INTEGER NOT NULL,    -- ties on as_of: higher wins (API 4, v2 file 3, exporter 2, other 1)
    sha256 TEXT NOT NULL,
    choices TEXT NOT NULL,           -- mapping and answers, JSON
    as_of INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'undone')),
    path TEXT NOT NULL,              -- to offer a resume
    report TEXT NOT NULL DEFAULT '{}',
    plan TEXT NOT NULL DEFAULT '{}'  -- the whole ImportPlan, JSON, so that resuming repeats what was begun
) STRICT;
CREATE INDEX import_run_sha ON import_run(sha256);

CREATE TABLE account (
    row INTEGER PRIMARY KEY,
    x_id INTEGER UNIQUE,
    handle TEXT COLLATE NOCASE,
    name TEXT,
    bio TEXT,
    location TEXT,
    url TEXT,
    site TEXT,
    followers INTEGER,
    following INTEGER,
    posts INTEGER,
    listed INTEGER,
    created_at INTEGER,
    last_post_at INTEGER,
    verified TEXT,
    protected INTEGER,
    default_image INTEGER,
    parody INTEGER,
    can_dm INTEGER,
    image_url TEXT,
    affiliation TEXT,
    lang TEXT,
    domain TEXT COLLATE NOCASE,      -- registrable domain of the site
    status INTEGER NOT NULL DEFAULT 0, -- 0 exists, 1 gone, 2 suspended, 3 renamed: nobody has its handle any more
    identity_from INTEGER REFERENCES import_run(id), -- import_run that last set handle and name
    about_from INTEGER REFERENCES import_run(id), -- ... of bio, place, links, picture, affiliation
    counts_from INTEGER REFERENCES import_run(id), -- ... of counts and dates
    flags_from INTEGER REFERENCES import_run(id), -- ... of verified, protected, ...
    first_import INTEGER NOT NULL REFERENCES import_run(id),
    hidden_by INTEGER REFERENCES import_run(id), -- import_run whose undo hid this row
    merged_into INTEGER,             -- the older row this one turned out to be; 0: purged
    likes INTEGER                    -- how many posts it liked
) STRICT;
CREATE INDEX account_handle ON account(handle) WHERE handle IS NOT NULL;

CREATE TABLE handle_history (
    row INTEGER NOT NULL REFERENCES account(row),
    until INTEGER NOT NULL,          -- as_of of the source that showed another handle
    handle TEXT NOT NULL COLLATE NOCASE,
    import_id INTEGER NOT NULL REFERENCES import_run(id),
    PRIMARY KEY (row, until, handle)
) STRICT, WITHOUT ROWID;
CREATE INDEX handle_history_handle ON handle_history(handle);

CREATE TABLE import_change (         -- what an import overwrote, for its undo
    import_id INTEGER NOT NULL REFERENCES import_run(id),
    row INTEGER NOT NULL REFERENCES account(row),
    before TEXT NOT NULL,            -- JSON: field -> [previous value, value]
    PRIMARY KEY (import_id, row)
) STRICT, WITHOUT ROWID;

CREATE TABLE entry_change (           -- what an import overwrote of a list's entry, for its undo
    import_id INTEGER NOT NULL REFERENCES import_run(id),
    entry_id INTEGER NOT NULL REFERENCES entry(id),
    change TEXT NOT NULL,            -- JSON: column -> [previous value, value]
    PRIMARY KEY (import_id, entry_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE list_change (           -- what an import overwrote of a list itself, for its undo
    import_id INTEGER NOT NULL REFERENCES import_run(id),
    list_id INTEGER NOT NULL REFERENCES list(id),
    change TEXT NOT NULL,            -- JSON: column -> [previous value, value]
    PRIMARY KEY (import_id, list_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE refused_row (
    import_id INTEGER NOT NULL REFERENCES import_run(id),
    line INTEGER NOT NULL,
    column_name TEXT NOT NULL,
    value TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;
CREATE INDEX refused_row_import ON refused_row(import_id);

CREATE TABLE snapshot (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL REFERENCES import_run(id),
    direction TEXT NOT NULL CHECK (direction IN ('follower', 'following')),
    as_of INTEGER NOT NULL,
    read INTEGER NOT NULL DEFAULT 0,
    expected INTEGER,                -- the profile's own count, where known
    completeness TEXT NOT NULL CHECK (completeness IN ('complete', 'partial', 'unknown')),
    identity TEXT NOT NULL CHECK (identity IN ('ids', 'handles', 'both')),
    newest_first INTEGER NOT NULL DEFAULT 0,
    is_main INTEGER NOT NULL DEFAULT 1, -- 0: only relation flags of another list told of it
    members BLOB,                    -- zlib of row numbers, uint32 little-endian, in reading order; NULL until finished
    is_doubtful INTEGER NOT NULL DEFAULT 0 -- 1: may be another account's or cut off; no spell follows from it
) STRICT;
CREATE TABLE snapshot_part (         -- members of a snapshot still being read
    snapshot_id INTEGER NOT NULL REFERENCES snapshot(id),
    part INTEGER NOT NULL,
    members BLOB NOT NULL,
    PRIMARY KEY (snapshot_id, part)
) STRICT, WITHOUT ROWID;

CREATE TABLE relation (              -- one row per spell, computed from the snapshots; computed again when one goes
    row INTEGER NOT NULL REFERENCES account(row),
    direction TEXT NOT NULL,
    first_snapshot INTEGER NOT NULL,
    last_snapshot INTEGER NOT NULL,
    missed_snapshot INTEGER,         -- NULL: the spell goes on
    is_new INTEGER NOT NULL,         -- began after the baseline
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    missed_at INTEGER,
    PRIMARY KEY (row, direction, first_snapshot)
) STRICT, WITHOUT ROWID;

CREATE TABLE account_day (           -- what X's account analytics say of one of our days
    day INTEGER NOT NULL,            -- its UTC midnight
    import_id INTEGER NOT NULL REFERENCES import_run(id), -- of several, the one read last counts
    new_follows INTEGER,
    unfollows INTEGER,
    profile_visits INTEGER,
    impressions INTEGER,
    posts INTEGER,
    PRIMARY KEY (day, import_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE own_relation (          -- what our own actions changed since the readings
    row INTEGER NOT NULL REFERENCES account(row),
    direction TEXT NOT NULL,
    is_on INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (row, direction)
) STRICT, WITHOUT ROWID;
CREATE VIEW relation_now AS          -- who is related at present: open spells, corrected by our own actions
    SELECT r.row, r.direction FROM relation r
    WHERE r.missed_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM own_relation o
        WHERE o.row = r.row AND o.direction = r.direction AND NOT o.is_on AND o.at >= r.last_seen)
    UNION ALL
    SELECT o.row, o.direction FROM own_relation o
    WHERE o.is_on AND NOT EXISTS (
        SELECT 1 FROM relation r WHERE r.row = o.row AND r.direction = o.direction AND r.missed_at IS NULL)
    AND o.at > (
        SELECT coalesce(max(s.as_of), 0) FROM snapshot s JOIN import_run i ON i.id = s.import_id
        WHERE s.direction = o.direction AND s.completeness = 'complete' AND i.state = 'done');

CREATE TABLE list (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    kind TEXT,                       -- NULL: each row says
    consent_basis TEXT NOT NULL,
    import_id INTEGER NOT NULL REFERENCES import_run(id),
    as_of INTEGER NOT NULL,
    dropped_at INTEGER
) STRICT;
CREATE TABLE entity (
    id INTEGER PRIMARY KEY,
    type TEXT NOT NULL CHECK (type IN ('company', 'person')),
    name TEXT NOT NULL
) STRICT;
CREATE TABLE entity_key (            -- what joins entries to an entity: crm id, domain, name, learned alias
    key TEXT PRIMARY KEY,
    entity_id INTEGER NOT NULL REFERENCES entity(id)
) STRICT, WITHOUT ROWID;
CREATE INDEX entity_key_entity ON entity_key(entity_id);
CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    list_id INTEGER NOT NULL REFERENCES list(id),
    entity_id INTEGER NOT NULL REFERENCES entity(id),
    key TEXT NOT NULL,
    line INTEGER NOT NULL,
    company TEXT NOT NULL,
    person TEXT NOT NULL,
    kind TEXT,
    data TEXT NOT NULL,              -- JSON: every understood field
    fields TEXT NOT NULL,            -- JSON: original column -> text
    import_id INTEGER NOT NULL REFERENCES import_run(id),
    left_at INTEGER,                 -- a newer list no longer has it
    UNIQUE (list_id, key)
) STRICT;
CREATE INDEX entry_entity ON entry(entity_id);
CREATE TABLE alias (
    id INTEGER PRIMARY KEY,
    entity_id INTEGER NOT NULL REFERENCES entity(id),
    type TEXT NOT NULL CHECK (type IN ('name', 'handle', 'domain')),
    value TEXT NOT NULL COLLATE NOCASE,
    match_id INTEGER REFERENCES match(id),
    UNIQUE (entity_id, type, value)
) STRICT;
CREATE INDEX alias_match ON alias(match_id);

CREATE TABLE match (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- a number in the journal or on a screen is never another match's
    row INTEGER NOT NULL REFERENCES account(row),
    entity_id INTEGER NOT NULL REFERENCES entity(id),
    entry_id INTEGER NOT NULL REFERENCES entry(id),
    relation TEXT NOT NULL CHECK (relation IN ('is', 'brand_of', 'works_at')),
    score INTEGER NOT NULL,
    band TEXT NOT NULL CHECK (band IN ('certain', 'likely', 'possible')),
    evidence TEXT NOT NULL,          -- JSON list of Evidence
    evidence_hash TEXT NOT NULL,     -- fingerprint of what it is computed from now
    is_stale INTEGER NOT NULL DEFAULT 0, -- no longer proposed; kept because a person decided it
    probability REAL,                -- that it is right, 0-1; NULL where it was computed by an earlier version
    UNIQUE (row, entity_id, relation)
) STRICT;
CREATE INDEX match_entity ON match(entity_id);
CREATE TABLE match_word (            -- a person's decision on a match
    match_id INTEGER PRIMARY KEY REFERENCES match(id),
    state TEXT NOT NULL CHECK (state IN ('confirmed', 'rejected')),
    evidence_hash TEXT NOT NULL,     -- fingerprint when it was said
    profile_text TEXT NOT NULL,      -- the account's side as it was then
    reviewer TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE TABLE compare_pending (       -- accounts whose profile changed since they were compared
    row INTEGER PRIMARY KEY REFERENCES account(row)
) STRICT;

CREATE TABLE score (
    row INTEGER PRIMARY KEY REFERENCES account(row),
    bot INTEGER,
    harmful INTEGER,
    offtopic INTEGER,
    relevance INTEGER,
    type INTEGER NOT NULL,           -- position in AccountType
    role INTEGER NOT NULL,           -- position in ROLES
    seniority INTEGER NOT NULL,      -- position in SENIORITIES
    kind INTEGER NOT NULL,           -- judged kind, position in Kind
    reasons INTEGER NOT NULL,        -- bit n: reason with bit n in reason_code, 62 at most
    top_reason TEXT NOT NULL,        -- the strongest, plain words
    more_reasons INTEGER NOT NULL DEFAULT 0 -- bit n: reason with bit 63 + n in reason_code
) STRICT;
CREATE TABLE reason_code (
    bit INTEGER PRIMARY KEY CHECK (bit BETWEEN 0 AND 125),
    code TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE wave (
    id INTEGER PRIMARY KEY,
    trait TEXT NOT NULL,
    text TEXT NOT NULL,
    members BLOB NOT NULL            -- row numbers, uint32 little-endian, ascending
) STRICT;
CREATE TABLE judge_pending (row INTEGER PRIMARY KEY REFERENCES account(row)) STRICT;

CREATE TABLE kind_word (             -- a kind set by a person
    row INTEGER PRIMARY KEY REFERENCES account(row),
    kind TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE TABLE decision (
    row INTEGER PRIMARY KEY REFERENCES account(row),
    decision TEXT NOT NULL,
    due_at INTEGER,                  -- 'later' comes back then
    reviewer TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE TABLE note (
    row INTEGER PRIMARY KEY REFERENCES account(row),
    text TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE TABLE release (               -- a person lifted one guard of an account
    row INTEGER NOT NULL REFERENCES account(row),
    guard TEXT NOT NULL,
    evidence_hash TEXT NOT NULL,     -- what the guard rested on; it is lifted while it rests on that
    reviewer TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (row, guard)
) STRICT, WITHOUT ROWID;
CREATE TABLE difference (            -- two people said different things of an account; a merge brought them together
    row INTEGER NOT NULL REFERENCES account(row),
    what TEXT NOT NULL,              -- decision, kind or match
    here TEXT NOT NULL,              -- the word of this store
    here_by TEXT NOT NULL,
    there TEXT NOT NULL,             -- the word of the copy that was merged
    there_by TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (row, what)
) STRICT, WITHOUT ROWID;
CREATE TABLE draw (                  -- a random choice of accounts to look at: all up to a mark
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    reviewer TEXT NOT NULL,
    looks INTEGER NOT NULL,          -- how many it asked for
    upto INTEGER NOT NULL,           -- everyone whose fixed random number is at most this
    undone_at INTEGER                -- when it was undone, NULL: it counts
) STRICT;
CREATE TABLE look (                  -- a person answered on one account by name
    row INTEGER PRIMARY KEY REFERENCES account(row),
    draw_id INTEGER REFERENCES draw(id), -- NULL: no draw had taken it
    reviewer TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE TABLE blind_look (            -- what was hidden from the person who answered
    row INTEGER PRIMARY KEY REFERENCES account(row),
    hidden TEXT NOT NULL,            -- 'name' or 'bio'
    reviewer TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE TABLE tag (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    key TEXT UNIQUE                  -- digit bound to it
) STRICT;
CREATE TABLE tagged (
    tag_id INTEGER NOT NULL REFERENCES tag(id),
    row INTEGER NOT NULL REFERENCES account(row),
    PRIMARY KEY (tag_id, row)
) STRICT, WITHOUT ROWID;
CREATE INDEX tagged_row ON tagged(row);

CREATE TABLE batch (                 -- calls of one run, clicks of one session, answers of one worksheet
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    executor TEXT NOT NULL,
    reviewer TEXT NOT NULL
) STRICT;
CREATE TABLE plan_look (             -- the plan as a person saw it, the last two times it was another one
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    reviewer TEXT NOT NULL,
    state TEXT NOT NULL,             -- what it was made on: lists, rules, guards and more, JSON
    items BLOB NOT NULL              -- zlib of the numbers of ready items, uint32 little-endian, ascending
) STRICT;
CREATE TABLE plan_item (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- never reused: calls and screens speak of it
    row INTEGER NOT NULL REFERENCES account(row),
    action TEXT NOT NULL,
    object TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    due_at INTEGER,
    at INTEGER NOT NULL,
    basis TEXT,                      -- fingerprint of handle and bio, and whether it followed us, when it was planned
    reverses INTEGER REFERENCES batch(id) -- the batch this takes back, NULL: none
) STRICT;
CREATE UNIQUE INDEX plan_item_open ON plan_item(row, action, object)
    WHERE state IN ('planned', 'held', 'attempting', 'later');
CREATE INDEX plan_item_state ON plan_item(state);
CREATE TABLE handed_out (            -- items whose link a person was given, to click by hand
    item_id INTEGER PRIMARY KEY REFERENCES plan_item(id) ON DELETE CASCADE,
    via TEXT NOT NULL,               -- 'screen' or 'worksheet'
    reviewer TEXT NOT NULL,
    at INTEGER NOT NULL              -- of the last time
) STRICT;
CREATE TABLE call (                  -- every call to X, written before and after
    id INTEGER PRIMARY KEY,
    item_id INTEGER REFERENCES plan_item(id), -- NULL: the item was dropped or purged
    row INTEGER NOT NULL REFERENCES account(row),
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    executor TEXT NOT NULL,
    state TEXT NOT NULL,             -- ATTEMPTING, then the outcome
    price_usd REAL NOT NULL,
    at INTEGER NOT NULL,
    finished_at INTEGER,
    status INTEGER,
    text TEXT NOT NULL DEFAULT '',
    reviewer TEXT NOT NULL,
    batch_id INTEGER REFERENCES batch(id)
) STRICT;
CREATE INDEX call_item ON call(item_id);
CREATE INDEX call_at ON call(at);
CREATE INDEX call_batch ON call(batch_id);

CREATE TABLE x_request (             -- every read from X that may cost, written before and after
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    endpoint TEXT NOT NULL,          -- as x/platform.toml calls it
    import_id INTEGER REFERENCES import_run(id), -- the sync it belongs to, NULL: none
    expected INTEGER NOT NULL,       -- the most it may return
    expected_usd REAL NOT NULL,      -- the most it may cost
    state TEXT NOT NULL CHECK (state IN ('asking', 'answered', 'refused', 'unknown')),
    units INTEGER NOT NULL DEFAULT 0, -- what X charges for: not what it charged for earlier on that day
    usd REAL NOT NULL DEFAULT 0,
    status INTEGER,
    finished_at INTEGER
) STRICT;
CREATE INDEX x_request_at ON x_request(at);
CREATE TABLE x_billed (              -- accounts X charged for on its present day: each one once
    x_id INTEGER PRIMARY KEY,
    day INTEGER NOT NULL             -- days since 1970, UTC
) STRICT;

CREATE TABLE x_seen (                -- when X last showed an account it was asked for by id or handle
    row INTEGER PRIMARY KEY REFERENCES account(row),
    at INTEGER NOT NULL
) STRICT;
CREATE TABLE own_mark (              -- accounts we muted or blocked, or have on a list of ours, as X last said
    row INTEGER NOT NULL REFERENCES account(row),
    mark TEXT NOT NULL CHECK (mark IN ('muted', 'blocked', 'listed')),
    list TEXT NOT NULL,              -- name of the list, '' for the others
    at INTEGER NOT NULL,
    PRIMARY KEY (row, mark, list)
) STRICT, WITHOUT ROWID;
CREATE TABLE live_event (            -- what X's activity stream told, each event once
    uuid TEXT PRIMARY KEY,
    at INTEGER NOT NULL,             -- when it arrived
    type TEXT NOT NULL,              -- as X calls it, such as follow.follow
    x_id INTEGER,                    -- whom it is about
    usd REAL NOT NULL                -- what X charges for it
) STRICT, WITHOUT ROWID;
CREATE INDEX live_event_at ON live_event(at);
CREATE TABLE live_gap (              -- times in which the stream was watched and nothing could be seen
    since INTEGER PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT;

CREATE TABLE interaction (
    row INTEGER NOT NULL REFERENCES account(row),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    source TEXT NOT NULL,
    import_id INTEGER REFERENCES import_run(id), -- NULL: our own action
    PRIMARY KEY (row, at, kind, reference)
) STRICT, WITHOUT ROWID;
CREATE TABLE interaction_again (     -- imports that brought an interaction another one had brought before
    row INTEGER NOT NULL REFERENCES account(row),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    import_id INTEGER NOT NULL REFERENCES import_run(id),
    source TEXT NOT NULL,
    PRIMARY KEY (row, at, kind, reference, import_id)
) STRICT, WITHOUT ROWID;
CREATE VIEW interaction_now AS       -- what counts: all but what only undone imports brought
    SELECT i.row, i.at, i.kind, i.reference, i.source, i.import_id FROM interaction i
    WHERE NOT EXISTS (SELECT 1 FROM import_run r WHERE r.id = i.import_id AND r.state = 'undone')
    OR EXISTS (
        SELECT 1 FROM interaction_again a JOIN import_run r ON r.id = a.import_id
        WHERE a.row = i.row AND a.at = i.at AND a.kind = i.kind AND a.reference = i.reference
        AND r.state <> 'undone');

CREATE TABLE due (                   -- what a playbook proposed for a person, and what came of it
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- never reused: the journal and the command line speak of it
    row INTEGER NOT NULL REFERENCES account(row),
    playbook TEXT NOT NULL,
    step TEXT NOT NULL,              -- name of the step in its playbook
    action TEXT NOT NULL,            -- follow, reply, offer, ...
    object TEXT NOT NULL DEFAULT '', -- a list on X, or a colleague
    worth INTEGER NOT NULL,          -- 0-100, higher comes first
    since INTEGER NOT NULL,          -- when it was proposed
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'skipped', 'snoozed', 'lapsed')),
    until INTEGER,                   -- 'snoozed' comes back then
    reviewer TEXT NOT NULL,
    at INTEGER NOT NULL              -- of its state
) STRICT;
CREATE INDEX due_state ON due(state);
CREATE INDEX due_row ON due(row);
CREATE TABLE sent (                  -- what was sent to a person, or done with a post of theirs
    row INTEGER NOT NULL REFERENCES account(row),
    at INTEGER NOT NULL,
    action TEXT NOT NULL,            -- thank, reply, offer, message, repost
    text TEXT NOT NULL,
    text_key TEXT NOT NULL,          -- the text folded, without links and names: no two people get the same
    shelf_id INTEGER REFERENCES shelf(id),
    post TEXT NOT NULL DEFAULT '',   -- id of the post it answers
    playbook TEXT NOT NULL DEFAULT '',
    reviewer TEXT NOT NULL,
    PRIMARY KEY (row, at, action)
) STRICT, WITHOUT ROWID;
CREATE INDEX sent_text ON sent(text_key) WHERE text_key <> '';
CREATE INDEX sent_shelf ON sent(shelf_id) WHERE shelf_id IS NOT NULL;
CREATE INDEX sent_post ON sent(post) WHERE post <> '';
CREATE TABLE shelf (                 -- links to offer
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    url TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    topics TEXT NOT NULL,            -- JSON list of words
    kinds TEXT NOT NULL,             -- JSON list of kinds it fits, empty for all
    lang TEXT NOT NULL,
    from_at INTEGER,
    until_at INTEGER,
    source TEXT NOT NULL,            -- file it came from, '' where added by hand
    added_at INTEGER NOT NULL,
    dropped_at INTEGER
) STRICT;
CREATE TABLE no_contact (            -- people a person said are never to be contacted
    row INTEGER PRIMARY KEY REFERENCES account(row),
    reviewer TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX entry_no_contact ON entry(entity_id) WHERE instr(data, '"do_not_contact"') > 0;

CREATE TABLE journal (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    reviewer TEXT NOT NULL,
    session TEXT NOT NULL,
    command TEXT NOT NULL,
    query TEXT NOT NULL,
    text TEXT NOT NULL,
    rows INTEGER NOT NULL,
    payload BLOB NOT NULL,           -- zlib JSON: [slot, before, after, rows as base64 uint32] segments
    inverse_of INTEGER REFERENCES journal(id),              -- set on undo and redo entries
    undone_by INTEGER REFERENCES journal(id), -- set while it is undone
    suggested INTEGER NOT NULL DEFAULT 0, -- accounts decided by name for which the card suggested something
    agreed INTEGER NOT NULL DEFAULT 0 -- of those, accounts decided as suggested
) STRICT;

CREATE TABLE saved_view (
    name TEXT PRIMARY KEY COLLATE NOCASE,
    query TEXT NOT NULL,
    position INTEGER NOT NULL DEFAULT 0, -- views are listed by it, then by name
    is_hidden INTEGER NOT NULL DEFAULT 0, -- 1: no queue; its name still opens it
    tag_id INTEGER REFERENCES tag(id), -- what whoever enters it is tagged with, NULL: nothing
    members BLOB                     -- whom that rule has seen in it: zlib of row numbers, uint32 little-endian
) STRICT, WITHOUT ROWID;
CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL              -- JSON
) STRICT, WITHOUT ROWID;
CREATE TABLE purged (hash TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    pid INTEGER NOT NULL,
    host TEXT NOT NULL,
    started TEXT NOT NULL,           -- when the process began, so that a reused number is told apart
    heartbeat INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE change (
    domain TEXT PRIMARY KEY,
    counter INTEGER NOT NULL,
    stamp BLOB NOT NULL              -- random, renewed with the counter: tells a copy's history from this one
) STRICT, WITHOUT ROWID;
CREATE TABLE change_log (
    domain TEXT NOT NULL,
    counter INTEGER NOT NULL,
    stamp BLOB NOT NULL,
    rows BLOB NOT NULL,              -- uint32 little-endian
    PRIMARY KEY (domain, counter)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE account_text USING fts5(
    handle, name, bio, location,
    content='account', content_rowid='row',
    tokenize='unicode61 remove_diacritics 2', prefix='2 3'
);
-- Text comes in by small steps: merged four at a time, as is usual, every word would be written five times over.
INSERT INTO account_text(account_text, rank) VALUES ('automerge', 16);
INSERT INTO account_text(account_text, rank) VALUES ('crisismerge', 64);
CREATE TRIGGER account_text_update AFTER UPDATE OF handle, name, bio, location ON account
WHEN old.row <= (SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'text_upto')
BEGIN
    INSERT INTO account_text(account_text, rowid, handle, name, bio, location)
    VALUES ('delete', old.row, old.handle, old.name, old.bio, old.location);
    INSERT INTO account_text(rowid, handle, name, bio, location)
    VALUES (new.row, new.handle, new.name, new.bio, new.location);
END;
CREATE TABLE shelf_result (          -- what analytics tell of a link of the shelf, by the kind it was offered to
    shelf_id INTEGER NOT NULL REFERENCES shelf(id),
    kind TEXT NOT NULL,              -- of the people, '' where not told
    outcome TEXT NOT NULL,           -- visit, download, registration
    at INTEGER NOT NULL,
    import_id INTEGER NOT NULL REFERENCES import_run(id),
    count INTEGER NOT NULL,
    PRIMARY KEY (shelf_id, kind, outcome, at, import_id)
) STRICT, WITHOUT ROWID;
