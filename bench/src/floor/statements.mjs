// The least SQL that stores the facts of a login in the tables of the service, with ? for each value.
const insert = (table, columns, rows = 1) => {
  const row = `(${columns.map(() => '?').join(', ')})`
  return `insert into ${table} (${columns.join(', ')}) values ${Array(rows).fill(row).join(', ')}`
}
const columns = (text) => text.trim().split(/\s+/)

const journalColumns = columns(`id support_code at_ms way appid component outcome openid member_id session_id
  device_id login_code_key phone_code_key masked_subject phone_subject wechat_ms total_ms steps`)
const codeColumns =
  columns(`key kind appid state surface owner component device_id request_id attempt lease_owner
  lease_until_ms created_at_ms expires_at_ms`)
const endedSessions = 'update sessions set ended_at_ms = ?, end_reason = ? where ended_at_ms is null'
const usedCodes = (
  keys,
) => `update codes set openid = ?, wechat_ms = ?, member_id = ?, session_id = ?, masked_subject = ?,
  state = 'used', settled_at_ms = ?, lease_owner = null, lease_until_ms = null
  where key in (${keys}) and settled_at_ms is null`

/** @param {{ lock: string }} dialect - What is put behind a select to lock the row of the member. */
export const statements = ({ lock }) => ({
  openOne: `${insert('codes', codeColumns)} on conflict (key) do nothing`,
  openTwo: `${insert('codes', codeColumns, 2)} on conflict (key) do nothing`,
  findPeople: `select i.provider, i.subject, i.member_id, i.sealed, i.masked_subject, m.state
    from identities i join members m on m.id = i.member_id
    where i.member_id in (select member_id from identities
      where (provider = 'wechat-openid' and scope = ? and subject = ?)
      or (provider = 'phone' and scope = '*' and subject = ?))${lock}`,
  addMember: insert('members', columns('id state event_seq created_at_ms changed_at_ms')),
  addIdentities: insert(
    'identities',
    columns(
      `provider scope subject member_id sealed country masked_subject verified_by created_at_ms verified_at_ms`,
    ),
    2,
  ),
  addBinding: insert(
    'phone_bindings',
    columns('id member_id subject sealed masked_subject verified_by appid openid bound_at_ms verified_at_ms'),
  ),
  confirmNumber: `update identities set verified_at_ms = ?, verified_by = 'quick'
    where provider = 'phone' and scope = '*' and subject = ? and verified_at_ms < ?`,
  endOfDevice: `${endedSessions} and member_id = ? and appid = ? and device_id = ? returning id`,
  endSurplus: `${endedSessions} and id in (select id from sessions where member_id = ? and appid = ?
    and ended_at_ms is null order by created_at_ms desc, id desc limit 1000000 offset 9) returning id`,
  addSession: insert(
    'sessions',
    columns(`id member_id appid way openid device_id salt generation created_at_ms rotated_at_ms seen_at_ms
      expires_at_ms absolute_expires_at_ms`),
  ),
  useOne: usedCodes('?'),
  useTwo: usedCodes('?, ?'),
  addEntry: insert(
    'ledger',
    columns(`id code_key appid surface component state cause source is_billed list_li charge_li openid member_id
      masked_subject request_id attempts wechat_ms seen_at_ms settled_at_ms`),
  ),
  addEvent: insert('events', columns('id type appid member_id data created_at_ms member_seq')),
  addEvents: insert('events', columns('id type appid member_id data created_at_ms member_seq'), 2),
  countEvent:
    'update members set event_seq = event_seq + 1, changed_at_ms = ? where id = ? returning event_seq',
  findSession: `select s.id, s.member_id, s.appid, s.salt, s.generation, s.expires_at_ms, s.ended_at_ms, m.state
    from sessions s join members m on m.id = s.member_id where s.id = ?`,
  rotate: `update sessions set generation = ?, successor_used_at_ms = null, rotated_at_ms = ?, seen_at_ms = ?,
    expires_at_ms = ? where id = ? and generation = ? and ended_at_ms is null`,
  addJournal: (rows) => insert('logins', journalColumns, rows),
})
