import { alibabaCloudCdn } from './packs/alibaba-cloud-cdn.ts'
import { android } from './packs/android.ts'
import { apple } from './packs/apple.ts'
import { chrome } from './packs/chrome.ts'
import { cloudflare } from './packs/cloudflare.ts'
import { cloudfront } from './packs/cloudfront.ts'
import { fastly } from './packs/fastly.ts'
import { firefox } from './packs/firefox.ts'
import { haproxy } from './packs/haproxy.ts'
import { java } from './packs/java.ts'
import { nginx } from './packs/nginx.ts'
import { node } from './packs/node.ts'
import type { RulePack } from './rule.ts'

export const rulePacks: RulePack[] = [
  alibabaCloudCdn,
  cloudflare,
  cloudfront,
  fastly,
  nginx,
  haproxy,
  chrome,
  firefox,
  apple,
  android,
  java,
  node,
]
