/**
 * Two transactions touched the same thing at once. {@link Database.transaction} runs its work again on
 * this, so that only a lasting conflict reaches a caller.
 */
export class StoreConflictError extends Error {
  override readonly name = 'StoreConflictError'
}

/**
 * The database cannot be reached or written right now. Nothing was stored, unless the connection was lost while a commit
 * was on its way: then nobody knows, and only a look at the database tells.
 */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError'
}

const tlsTexts = {
  authority:
    '数据库服务器的证书不是由已知的机构签发的：请在地址中加上 sslrootcert=CA证书文件 / ' +
    'The certificate of the database server is not vouched for by an authority that is known here. Name the file of its CA: sslrootcert=PATH.',
  host:
    '数据库服务器的证书是给别的主机名的：请在地址中使用证书里的主机名，或更换证书 / ' +
    'The certificate of the database server is for another name. Use the name of the certificate in the address, or replace the certificate.',
  expired:
    '数据库服务器的证书已过期或尚未生效：请更换证书，并核对两边的时钟 / ' +
    'The certificate of the database server has expired or is not valid yet. Replace it, and check the clocks of both machines.',
  absent:
    '数据库服务器不支持 TLS：请在服务器上开启，或从地址中去掉 sslmode（只在可信网络内） / ' +
    'The database server does not speak TLS. Switch it on there, or take sslmode out of the address (in a trusted network only).',
}

/** The database server cannot be trusted by its TLS certificate, or speaks no TLS. `message` says what to do, in zh and en. */
export class DatabaseTlsError extends StoreUnavailableError {
  readonly fault: keyof typeof tlsTexts

  constructor(fault: keyof typeof tlsTexts, options?: ErrorOptions) {
    super(tlsTexts[fault], options)
    this.fault = fault
  }
}

/** A text that the database cannot store, such as one with a zero character on PostgreSQL. */
export class StoreTextError extends Error {
  override readonly name = 'StoreTextError'
}

const versionTexts = {
  newer:
    '数据库由更新版本的 Haoma 建立，本版本不能使用：请升级程序，或恢复升级前的备份。 / ' +
    'This database was brought up to date by a newer version of Haoma. Upgrade this program, or restore the backup made before the upgrade.',
  unreleased:
    '数据库由首个发布版本之前的构建建立，无法升级：请换一个空数据库（HAOMA_DATABASE_URL），或删除开发用的旧文件。 / ' +
    'This database was made by a build from before the first release and cannot be brought up to date. Use an empty database (HAOMA_DATABASE_URL), or delete the old file of your development machine.',
}

/** The database was made by another version of the service than this one can work with. */
export class DatabaseVersionError extends Error {
  override readonly name = 'DatabaseVersionError'

  readonly made: keyof typeof versionTexts

  constructor(made: keyof typeof versionTexts) {
    super(versionTexts[made])
    this.made = made
  }
}
