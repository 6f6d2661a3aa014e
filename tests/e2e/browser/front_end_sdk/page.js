// Bundled into the test's page: the SDK as a front end uses it.
import { HMSReactiveStore } from "@100mslive/hms-video-store";

window.hmsActions = new HMSReactiveStore().getActions();
