import type { NativeLibrary } from './native-library.ts'

/** @see https://vant-ui.github.io/vant-weapp/ */
export const vant: NativeLibrary = {
  packageName: '@vant/weapp',
  folder: 'lib',
  prefix: 'van',
  fileOf: (component) => `${component}/index`,
  partsOf: {
    'cell-group': 'cell',
    'checkbox-group': 'checkbox',
    'collapse-item': 'collapse',
    'dropdown-item': 'dropdown-menu',
    'goods-action-button': 'goods-action',
    'goods-action-icon': 'goods-action',
    'grid-item': 'grid',
    'index-anchor': 'index-bar',
    'picker-column': 'picker',
    'radio-group': 'radio',
    'sidebar-item': 'sidebar',
    'tabbar-item': 'tabbar',
    col: 'row',
    tab: 'tabs',
  },
  data: {
    areas: {
      province_list: { 110000: '北京市' },
      city_list: { 110100: '北京市' },
      county_list: { 110101: '东城区' },
    },
  },
  samples: {
    'action-sheet':
      '<van-action-sheet show="{{ isOpen }}" title="动作" actions="{{ [{ name: \'选项\' }] }}" />',
    area: '<van-area area-list="{{ areas }}" />',
    button: '<van-button type="primary" icon="like-o" loading-text="稍候">按钮</van-button>',
    calendar: '<van-calendar show="{{ isOpen }}" poppable="{{ false }}" style="height: 300px" />',
    card: '<van-card num="2" price="2.00" title="商品" desc="描述" />',
    cascader:
      '<van-cascader show="{{ isOpen }}" title="地区" options="{{ [{ text: \'浙江\', value: 1 }] }}" />',
    cell: '<van-cell-group inset><van-cell title="单元格" value="内容" is-link icon="location-o" /></van-cell-group>',
    checkbox:
      '<van-checkbox-group value="{{ [\'a\'] }}"><van-checkbox name="a">复选框</van-checkbox></van-checkbox-group>',
    circle: '<van-circle value="{{ 70 }}" text="70%" />',
    collapse:
      '<van-collapse value="{{ [\'1\'] }}"><van-collapse-item title="标题" name="1">内容</van-collapse-item></van-collapse>',
    'count-down': '<van-count-down time="{{ 90000 }}" />',
    'datetime-picker': '<van-datetime-picker type="date" value="{{ 1700000000000 }}" />',
    dialog: '<van-dialog use-slot title="标题" show="{{ isOpen }}">内容</van-dialog>',
    'dropdown-menu':
      '<van-dropdown-menu><van-dropdown-item value="{{ 0 }}" options="{{ [{ text: \'全部\', value: 0 }] }}" /></van-dropdown-menu>',
    empty: '<van-empty description="描述文字" />',
    field: '<van-field value="文字" label="标签" placeholder="请输入" clearable />',
    'goods-action':
      '<van-goods-action safe-area-inset-bottom="{{ false }}"><van-goods-action-icon icon="chat-o" text="客服" /><van-goods-action-button text="立即购买" /></van-goods-action>',
    grid: '<van-grid><van-grid-item wx:for="{{ list }}" wx:key="*this" icon="photo-o" text="文字" /></van-grid>',
    icon: '<van-icon name="chat-o" dot />',
    image: '<van-image width="60" height="60" src="" />',
    'index-bar': '<van-index-bar><van-index-anchor index="A" /><van-cell title="A1" /></van-index-bar>',
    'notice-bar':
      '<van-notice-bar left-icon="volume-o" text="通知内容通知内容通知内容通知内容通知内容通知内容" />',
    picker: "<van-picker columns=\"{{ ['杭州', '宁波', '温州'] }}\" show-toolbar title=\"标题\" />",
    popup: '<van-popup show="{{ false }}">内容</van-popup>',
    progress: '<van-progress percentage="50" />',
    radio: '<van-radio-group value="1"><van-radio name="1">单选框</van-radio></van-radio-group>',
    rate: '<van-rate value="{{ 3 }}" />',
    row: '<van-row gutter="20"><van-col span="8">8</van-col><van-col span="16">16</van-col></van-row>',
    search: '<van-search value="" placeholder="搜索" show-action />',
    'share-sheet':
      '<van-share-sheet show="{{ isOpen }}" title="分享" options="{{ [{ name: \'微信\', icon: \'wechat\' }] }}" />',
    sidebar: '<van-sidebar active-key="{{ 0 }}"><van-sidebar-item title="标签" /></van-sidebar>',
    skeleton: '<van-skeleton title row="3" />',
    slider: '<van-slider value="50" />',
    stepper: '<van-stepper value="{{ 1 }}" />',
    steps: '<van-steps steps="{{ [{ text: \'步骤一\' }, { text: \'步骤二\' }] }}" active="{{ 0 }}" />',
    'submit-bar': '<van-submit-bar price="{{ 3050 }}" button-text="提交订单" />',
    'swipe-cell':
      '<van-swipe-cell right-width="{{ 65 }}"><van-cell title="滑动" /><view slot="right">删除</view></van-swipe-cell>',
    switch: '<van-switch checked="{{ true }}" />',
    tabbar:
      '<van-tabbar active="{{ 0 }}" fixed="{{ false }}"><van-tabbar-item icon="home-o">标签</van-tabbar-item></van-tabbar>',
    tabs: '<van-tabs active="{{ 0 }}"><van-tab title="标签 1">内容 1</van-tab><van-tab title="标签 2">内容 2</van-tab></van-tabs>',
    tag: '<van-tag type="primary">标签</van-tag>',
    toast: '<van-toast id="van-toast" />',
    'tree-select':
      "<van-tree-select items=\"{{ [{ text: '浙江', children: [{ id: 1, text: '温州' }] }] }}\" />",
    uploader: '<van-uploader file-list="{{ [] }}" />',
  },
  login: `<van-tabs active="{{ tab }}" bind:change="onTab">
  <van-tab title="手机号登录">
    <view class="form">
      <van-cell-group inset><van-field label="称呼" value="{{ name }}" placeholder="怎么称呼您" bind:change="onName" /></van-cell-group>
      <view class="gap" />
      <van-checkbox value="{{ isAgreed }}" bind:change="onAgree">同意用户协议</van-checkbox>
      <view class="gap" />
      <van-button id="quick" type="primary" block round open-type="getPhoneNumber" bind:getphonenumber="onQuick">手机号快捷登录</van-button>
      <view class="gap" />
      <van-button id="realtime" plain type="primary" block round open-type="getRealtimePhoneNumber" bind:getrealtimephonenumber="onRealtime">手机号实时验证</van-button>
      <view class="gap" />
      <van-button id="open" block round bind:click="open">更多方式</van-button>
    </view>
  </van-tab>
  <van-tab title="说明"><view class="form">为什么需要手机号</view></van-tab>
</van-tabs>
<view class="result">{{ result }} {{ name }}</view>
<van-popup show="{{ isOpen }}" round position="bottom" bind:close="close">
  <view class="sheet">
    <van-button id="within" type="primary" block open-type="getPhoneNumber" bind:getphonenumber="onQuick">在弹层里登录</van-button>
  </view>
</van-popup>`,
}
