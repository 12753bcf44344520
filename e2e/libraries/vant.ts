import type { UniLibrary } from './uni-library.ts'

const components = ['button', 'cell-group', 'field', 'popup', 'tab', 'tabs']

/** Vant's native components in a uni-app, by `wxcomponents`. */
export const vant: UniLibrary = {
  name: 'vant',
  prefix: 'van',
  usingComponents: Object.fromEntries(
    components.map((name) => [`van-${name}`, `/wxcomponents/vant/${name}/index`]),
  ),
  partsOf: {},
  samples: {},
  asksPrivacy: true,
  login: `<van-tabs :active="tab">
  <van-tab title="手机号登录">
    <view class="form">
      <van-cell-group><van-field :value="name" placeholder="怎么称呼您" @change="name = $event.detail" /></van-cell-group>
      <view class="gap" />
      <van-button type="primary" block open-type="getPhoneNumber" @getphonenumber="onQuick">手机号快捷登录</van-button>
      <view class="gap" />
      <van-button block open-type="getRealtimePhoneNumber" @getrealtimephonenumber="onRealtime">手机号实时验证</van-button>
      <view class="gap" />
      <van-button block @click="isOpen = true">更多方式</van-button>
    </view>
  </van-tab>
  <van-tab title="说明"><view class="form">为什么需要手机号</view></van-tab>
</van-tabs>
<van-popup :show="isOpen" position="bottom" @close="isOpen = false">
  <view class="form"><phone-login-button rebind text="在弹层里登录" @success="onSuccess" /></view>
</van-popup>`,
}
