import type { NativeLibrary } from './native-library.ts'

/** @see https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/extended/weui/ */
export const weui: NativeLibrary = {
  packageName: 'weui-miniprogram',
  folder: 'miniprogram_dist',
  prefix: 'mp',
  fileOf: (component) => `${component}/${component}`,
  partsOf: { 'checkbox-group': 'checkbox', 'form-page': 'form', cells: 'cell' },
  samples: {
    actionsheet:
      '<mp-actionsheet show="{{ isOpen }}" title="标题" actions="{{ [{ text: \'操作\', value: 1 }] }}" />',
    badge: '<mp-badge content="8" />',
    cell: '<mp-cells title="分组"><mp-cell value="标题文字" footer="说明" link /></mp-cells>',
    checkbox:
      '<mp-cells ext-class="weui-cells_checkbox"><mp-checkbox-group multi="{{ true }}"><mp-checkbox label="选项" value="1" checked="{{ true }}" /></mp-checkbox-group></mp-cells>',
    dialog:
      '<mp-dialog show="{{ isOpen }}" title="标题" buttons="{{ [{ text: \'取消\' }, { text: \'确定\' }] }}">内容</mp-dialog>',
    form: '<mp-form-page title="表单"><mp-form rules="{{ [] }}" models="{{ {} }}"><mp-cells><mp-cell title="称呼"><input placeholder="请输入" /></mp-cell></mp-cells></mp-form></mp-form-page>',
    gallery: '<mp-gallery show="{{ false }}" img-urls="{{ [] }}" />',
    grids: "<mp-grids grids=\"{{ [{ text: '一', url: '' }] }}\" />",
    'half-screen-dialog': '<mp-half-screen-dialog show="{{ false }}" title="标题" />',
    icon: '<mp-icon icon="add" color="black" size="{{ 25 }}" />',
    loading: '<mp-loading show type="circle" />',
    msg: '<mp-msg type="success" title="操作成功" desc="内容详情" />',
    'navigation-bar': '<mp-navigation-bar title="标题" back="{{ false }}" />',
    searchbar: '<mp-searchbar placeholder="搜索" />',
    slideview: '<mp-slideview buttons="{{ [{ text: \'删除\' }] }}"><mp-cell value="左滑" /></mp-slideview>',
    tabbar: "<mp-tabbar list=\"{{ [{ text: '首页' }, { text: '我的' }] }}\" />",
    toptips: '<mp-toptips msg="提示" type="error" show />',
    uploader: '<mp-uploader files="{{ [] }}" />',
  },
  appStyle: 'v2',
  appStyles: "@import '/miniprogram_npm/weui-miniprogram/weui-wxss/dist/style/weui.wxss';",
  login: `<mp-navigation-bar title="登录" back="{{ false }}" />
<mp-cells title="资料"><mp-cell title="称呼"><input value="{{ name }}" placeholder="怎么称呼您" bindinput="onName" /></mp-cell></mp-cells>
<view class="form">
  <button id="quick" class="weui-btn weui-btn_primary" type="primary" open-type="getPhoneNumber" bindgetphonenumber="onQuick">手机号快捷登录</button>
  <view class="gap" />
  <button id="realtime" class="weui-btn weui-btn_default" open-type="getRealtimePhoneNumber" bindgetrealtimephonenumber="onRealtime">手机号实时验证</button>
  <view class="gap" />
  <button id="open" class="weui-btn weui-btn_default" bindtap="open">更多方式</button>
</view>
<view class="result">{{ result }} {{ name }}</view>
<mp-half-screen-dialog show="{{ isOpen }}" title="登录" bind:close="close">
  <view slot="desc"><button id="within" class="weui-btn weui-btn_primary" type="primary" open-type="getPhoneNumber" bindgetphonenumber="onQuick">在弹层里登录</button></view>
</mp-half-screen-dialog>
<mp-tabbar list="{{ [{ text: '手机号登录' }, { text: '说明' }] }}" bind:change="onTab" />
<view wx:if="{{ tab === 1 }}" class="form">为什么需要手机号</view>`,
}
