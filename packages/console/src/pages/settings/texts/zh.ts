export const texts = {
  settings: {
    title: '设置',
    lead: '服务正在用的设置，由环境变量给出。密钥只显示是否已设置。',
    name: '环境变量',
    value: '现在的值',
    text: '说明',
    secretSet: '已设置（不显示）',
    usual: '默认',
    service: '服务',
    version: '版本',
    database: '数据库',
    schema: '结构版本',
    wechat: '微信',
    hosts: '接口地址',
    simulator: '模拟器：任何人都能以任何身份登录，只用于开发',
    real: '真实微信',
  },
}
