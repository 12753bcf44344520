import type { NativeLibrary } from './native-library.ts'

/** @see https://tdesign.tencent.com/miniprogram/ */
export const tdesign: NativeLibrary = {
  packageName: 'tdesign-miniprogram',
  folder: 'miniprogram_dist',
  prefix: 't',
  fileOf: (component) => `${component}/${component}`,
  partsOf: {
    'avatar-group': 'avatar',
    'cell-group': 'cell',
    'checkbox-group': 'checkbox',
    'collapse-panel': 'collapse',
    'dropdown-item': 'dropdown-menu',
    'form-item': 'form',
    'grid-item': 'grid',
    'indexes-anchor': 'indexes',
    'message-item': 'message',
    'picker-item': 'picker',
    'radio-group': 'radio',
    'side-bar-item': 'side-bar',
    'step-item': 'steps',
    'swiper-nav': 'swiper',
    'tab-bar-item': 'tab-bar',
    'tab-panel': 'tabs',
    'chat-record': 'it needs the plugin WechatSI',
    'chat-sender': 'it needs the plugin WechatSI',
    col: 'row',
  },
  data: { sheetItems: ['选项一', '选项二'] },
  samples: {
    'action-sheet': '<t-action-sheet visible="{{ isOpen }}" items="{{ sheetItems }}" />',
    avatar: '<t-avatar-group max="2"><t-avatar>甲</t-avatar><t-avatar icon="user" /></t-avatar-group>',
    badge: '<t-badge count="8">消息</t-badge>',
    button: '<t-button theme="primary" icon="app" block>按钮</t-button>',
    calendar: '<t-calendar use-popup="{{ false }}" />',
    cascader: '<t-cascader visible="{{ isOpen }}" options="{{ [{ label: \'北京\', value: 1 }] }}" />',
    cell: '<t-cell-group><t-cell title="单行标题" note="辅助" arrow left-icon="app" /></t-cell-group>',
    'chat-content': "<t-chat-content content=\"{{ { type: 'text', data: '你好' } }}\" />",
    'chat-message': "<t-chat-message content=\"{{ [{ type: 'text', data: '你好' }] }}\" />",
    'chat-markdown': '<t-chat-markdown content="**你好**" />',
    checkbox:
      '<t-checkbox-group value="{{ [\'a\'] }}"><t-checkbox value="a" label="多选" /></t-checkbox-group>',
    collapse:
      '<t-collapse value="{{ [0] }}"><t-collapse-panel header="标题" value="{{ 0 }}">内容</t-collapse-panel></t-collapse>',
    // Without saturation it looks for its panel in vain, on phones too.
    'color-picker': '<t-color-picker type="multiple" default-value="#0052d9" />',
    'count-down': '<t-count-down time="{{ 90000 }}" />',
    'date-time-picker':
      '<t-date-time-picker title="选择日期" visible="{{ isOpen }}" mode="date" value="2024-05-01" />',
    dialog: '<t-dialog visible="{{ isOpen }}" title="标题" content="内容" confirm-btn="确定" />',
    drawer: '<t-drawer visible="{{ false }}" items="{{ [{ title: \'菜单一\' }] }}" />',
    'dropdown-menu':
      '<t-dropdown-menu><t-dropdown-item value="a" options="{{ [{ label: \'全部\', value: \'a\' }] }}" /></t-dropdown-menu>',
    empty: '<t-empty icon="info-circle-filled" description="描述文字" />',
    form: '<t-form data="{{ {} }}" rules="{{ {} }}"><t-form-item label="名称" name="name"><t-input placeholder="请输入" /></t-form-item></t-form>',
    grid: '<t-grid column="3"><t-grid-item wx:for="{{ list }}" wx:key="*this" text="标题" icon="app" /></t-grid>',
    guide: '<t-guide current="{{ -1 }}" steps="{{ [] }}" />',
    icon: '<t-icon name="home" size="48rpx" />',
    image: '<t-image src="" width="60" height="60" />',
    indexes:
      '<t-indexes index-list="{{ [\'A\'] }}" style="height: 120px"><t-indexes-anchor index="A" /><t-cell title="A1" /></t-indexes>',
    input: '<t-input label="标签" placeholder="请输入" value="文字" clearable />',
    link: '<t-link content="链接" theme="primary" />',
    message: '<t-message id="t-message" />',
    'notice-bar': '<t-notice-bar visible content="提示内容" />',
    overlay: '<t-overlay visible="{{ false }}" />',
    picker:
      '<t-picker visible="{{ isOpen }}" title="选择城市" value="{{ [\'a\'] }}"><t-picker-item options="{{ [{ label: \'北京\', value: \'a\' }] }}" /></t-picker>',
    progress: '<t-progress percentage="{{ 80 }}" />',
    qrcode: '<t-qrcode value="haoma" size="{{ 80 }}" />',
    radio: '<t-radio-group value="a"><t-radio value="a" label="单选" /></t-radio-group>',
    rate: '<t-rate value="{{ 3 }}" />',
    row: '<t-row gutter="16"><t-col span="8">8</t-col><t-col span="16">16</t-col></t-row>',
    segmented:
      "<t-segmented value=\"a\" options=\"{{ [{ label: '甲', value: 'a' }, { label: '乙', value: 'b' }] }}\" />",
    'side-bar': '<t-side-bar value="a"><t-side-bar-item value="a" label="选项" /></t-side-bar>',
    steps: '<t-steps current="{{ 0 }}"><t-step-item title="步骤" content="说明" /></t-steps>',
    'swipe-cell': '<t-swipe-cell right="{{ [{ text: \'删除\' }] }}"><t-cell title="左滑" /></t-swipe-cell>',
    swiper: '<t-swiper list="{{ [] }}" navigation="{{ { type: \'dots\' } }}" height="80" />',
    'tab-bar':
      '<t-tab-bar value="a" fixed="{{ false }}"><t-tab-bar-item value="a" icon="home">首页</t-tab-bar-item></t-tab-bar>',
    table: "<t-table columns=\"{{ [{ title: '名', colKey: 'n' }] }}\" data=\"{{ [{ n: '一' }] }}\" />",
    tabs: '<t-tabs value="a"><t-tab-panel label="选项一" value="a">内容</t-tab-panel><t-tab-panel label="选项二" value="b" /></t-tabs>',
    toast: '<t-toast id="t-toast" />',
    'tree-select':
      '<t-tree-select options="{{ [{ label: \'一\', value: 1, children: [{ label: \'二\', value: 2 }] }] }}" value="{{ [1, 2] }}" />',
    watermark: '<t-watermark content="水印" />',
  },
  login: `<t-tabs value="{{ tab }}" bind:change="onTab">
  <t-tab-panel label="手机号登录" value="{{ 0 }}">
    <view class="form">
      <t-input label="称呼" value="{{ name }}" placeholder="怎么称呼您" bind:change="onName" />
      <view class="gap" />
      <t-checkbox checked="{{ isAgreed }}" label="同意用户协议" bind:change="onAgree" />
      <view class="gap" />
      <t-button id="quick" theme="primary" size="large" block open-type="getPhoneNumber" bind:getphonenumber="onQuick">手机号快捷登录</t-button>
      <view class="gap" />
      <t-button id="realtime" theme="primary" variant="outline" size="large" block open-type="getRealtimePhoneNumber" bind:getrealtimephonenumber="onRealtime">手机号实时验证</t-button>
      <view class="gap" />
      <t-button id="open" size="large" block bind:tap="open">更多方式</t-button>
    </view>
  </t-tab-panel>
  <t-tab-panel label="说明" value="{{ 1 }}"><view class="form">为什么需要手机号</view></t-tab-panel>
</t-tabs>
<view class="result">{{ result }} {{ name }}</view>
<t-popup visible="{{ isOpen }}" placement="bottom" bind:visible-change="close">
  <view class="sheet">
    <t-button id="within" theme="primary" block open-type="getPhoneNumber" bind:getphonenumber="onQuick">在弹层里登录</t-button>
  </view>
</t-popup>`,
}
