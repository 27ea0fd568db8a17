/**
 * The statements that requests wait for. Each is prepared once for a connection, and each finds
 * what it is about by an index (a test asks SQLite for the plan of every one).
 */
export const SQL = {
  latestVersion: 'SELECT version FROM head WHERE record_id = ? ORDER BY version DESC LIMIT 1',
  newestHead: 'SELECT head FROM head WHERE record_id = ? ORDER BY version DESC LIMIT 1',
  head: 'SELECT head FROM head WHERE record_id = ? AND version = ?',
  insertHead: 'INSERT INTO head (record_id, version, head) VALUES (?, ?, ?)',

  fragment: 'SELECT bytes FROM fragment WHERE record_id = ? AND id = ?',
  insertFragment: 'INSERT INTO fragment (record_id, id, bytes) VALUES (?, ?, ?)',

  receipt: 'SELECT receipt FROM receipt WHERE record_id = ? AND key = ?',
  insertReceipt: 'INSERT INTO receipt (record_id, key, receipt) VALUES (?, ?, ?)',

  terms: `SELECT term, record_id AS recordId FROM term
    WHERE (term, record_id) > (?, ?) AND term < ? ORDER BY term, record_id LIMIT ?`,
  insertTerm: 'INSERT INTO term (term, record_id) VALUES (?, ?) ON CONFLICT DO NOTHING',
  deleteTerm: 'DELETE FROM term WHERE term = ? AND record_id = ?',

  liveAuditFile: 'SELECT 1 FROM audit_file WHERE number = ? AND ended = 0',

  auditEntry: 'SELECT id, recorded, entry FROM audit_entry WHERE id = ?',
  insertAudit: 'INSERT INTO audit_entry (id, recorded, entry) VALUES (?, ?, ?)',
  auditValue: 'SELECT value FROM audit_value WHERE link = ?',
  insertAuditValue: 'INSERT INTO audit_value (link, value) VALUES (?, ?)',
  insertPosting: `INSERT INTO audit_term (term, recorded, seq) VALUES (?, ?, ?)
    ON CONFLICT DO NOTHING`,

  /**
   * Down the log from a place in it: `?1` and `?2` are that place, `?3` is the first moment wanted;
   * or up the log, where `?3` is the first moment not wanted any more.
   */
  auditByTime: `SELECT id, recorded, entry FROM audit_entry
    WHERE recorded <= ?1 AND recorded >= ?3 AND (recorded < ?1 OR id < ?2)
    ORDER BY recorded DESC, id DESC LIMIT ?4`,
  auditUpByTime: `SELECT id, recorded, entry FROM audit_entry
    WHERE recorded >= ?1 AND recorded < ?3 AND (recorded > ?1 OR id > ?2)
    ORDER BY recorded, id LIMIT ?4`,
  /**
   * The same along one term of the log's index. CROSS JOIN keeps SQLite to this order of tables.
   */
  auditByTerm: `SELECT a.id, p.recorded, a.entry
    FROM audit_term p CROSS JOIN audit_entry a ON a.seq = p.seq
    WHERE p.term = ?5 AND p.recorded <= ?1 AND p.recorded >= ?3 AND (p.recorded < ?1 OR a.id < ?2)
    ORDER BY p.recorded DESC, a.id DESC LIMIT ?4`,
  auditUpByTerm: `SELECT a.id, p.recorded, a.entry
    FROM audit_term p CROSS JOIN audit_entry a ON a.seq = p.seq
    WHERE p.term = ?5 AND p.recorded >= ?1 AND p.recorded < ?3 AND (p.recorded > ?1 OR a.id > ?2)
    ORDER BY p.recorded, a.id LIMIT ?4`,

  newestSeal: `SELECT number, at, up_to AS upTo, entries, content, hash FROM audit_seal
    WHERE number = (SELECT max(number) FROM audit_seal)`,
  seals: `SELECT number, at, up_to AS upTo, entries, content, hash FROM audit_seal
    WHERE number > ? ORDER BY number LIMIT ?`,
  insertSeal: `INSERT INTO audit_seal (number, at, up_to, entries, content, hash)
    VALUES (?, ?, ?, ?, ?, ?)`,
  auditBySeq: `SELECT seq, id, recorded, entry FROM audit_entry
    WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?`,

  claims: `SELECT a.id, a.recorded, a.entry FROM claim c CROSS JOIN audit_entry a ON a.seq = c.seq
    WHERE c.patient = ? AND c.person = ? AND c.organization = ? AND c.expires > ?`,
  insertClaim: `INSERT INTO claim (patient, person, organization, expires, seq)
    VALUES (?, ?, ?, ?, ?)`,
} as const;
