export const texts = {
  nothing: {
    title: '找不到这个页面',
    text: '地址可能不完整，或者当前角色没有权限查看它。',
    home: '回到概览',
  },
}
