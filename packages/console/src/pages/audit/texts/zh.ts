export const texts = {
  audit: {
    title: '审计',
    lead: '谁在什么时候改了或看了什么。写下之后不能修改。',
    export: '导出',
    action: '操作',
    actionPlaceholder: '例如 member. 或 member.erase',
    at: '时间',
    actor: '由',
    target: '对象',
    reason: '原因',
    ip: '地址',
    empty: '没有记录',
    emptyText: '换一个条件再看。',
    kinds: {
      admin: '管理员',
      'api-key': 'API 密钥',
      client: '后端',
      cli: '命令行',
      system: '系统',
    },
    details: '细节',
  },
}
