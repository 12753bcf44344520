import 'element-plus/es/components/tooltip/style/css'

export { ElTooltip } from 'element-plus/es/components/tooltip/index'
