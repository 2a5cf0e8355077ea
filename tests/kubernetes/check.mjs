// check.mjs SOURCE WINNOWD: the manifests in tools/deploy/kubernetes. Prints what is wrong with them; exits with 1 if something is.
import {execFileSync} from "node:child_process";
import {readFileSync, readdirSync} from "node:fs";
import {join} from "node:path";
import {parseAllDocuments} from "yaml";
import {compare, typeOf} from "./api_types.mjs";

const [source, winnowd] = process.argv.slice(2);
const folder = join(source, "tools/deploy/kubernetes");
const wrong = [];
const expect = (right, message) => right || wrong.push(message);

// As Kubernetes does: a key twice is an error.
function documents(file) {
  return parseAllDocuments(readFileSync(join(folder, file), "utf8"), {version: "1.1", uniqueKeys: true}).map(document => {
    for (const error of document.errors) wrong.push(`${file}: ${error.message}`);
    return document.toJS();
  });
}

// ---- the kustomization names every file, and nothing else ----

const notResources = ["kustomization.yaml", "prometheus-adapter.yaml"];
const [kustomization] = documents("kustomization.yaml");
const named = kustomization.resources;
for (const key of Object.keys(kustomization))
  expect(["apiVersion", "kind", "namespace", "resources", "images"].includes(key), `kustomization.yaml: unknown field ${key}`);
const files = readdirSync(folder).filter(file => !notResources.includes(file));
expect(JSON.stringify([...named].sort()) === JSON.stringify(files.sort()), `kustomization.yaml: names ${named}, there are ${files}`);

// ---- each object is one of the API's ----

const objects = {}, trainingObjects = {};
for (const file of named)
  for (const object of documents(file)) {
    const training = file === "training.yaml"; // its Service is another one
    (training ? trainingObjects : objects)[object.kind] = object;
    if (object.kind !== "ServiceMonitor") wrong.push(...(await compare(object, typeOf(object), file)));
  }
const kinds = ["ConfigMap", "Deployment", "HorizontalPodAutoscaler", "Namespace", "PersistentVolumeClaim", "PodDisruptionBudget",
  "Secret", "Service", "ServiceMonitor"];
expect(JSON.stringify(Object.keys(objects).sort()) === JSON.stringify(kinds), `expected ${kinds}, got ${Object.keys(objects).sort()}`);
if (wrong.length > 0) finish();

// ---- they fit together ----

const {ConfigMap: config, Deployment: deployment, HorizontalPodAutoscaler: autoscaler, PersistentVolumeClaim: claim,
  PodDisruptionBudget: budget, Secret: secret, Service: service, ServiceMonitor: monitor} = objects;
const pod = deployment.spec.template.spec;
const [container] = pod.containers;
const labels = JSON.stringify(deployment.spec.template.metadata.labels);
const port = container.ports[0];
const volumes = Object.fromEntries(pod.volumes.map(volume => [volume.name, volume]));

for (const [what, selected] of [["Deployment", deployment.spec.selector.matchLabels], ["Service", service.spec.selector],
  ["PodDisruptionBudget", budget.spec.selector.matchLabels],
  ["topologySpreadConstraints", pod.topologySpreadConstraints[0].labelSelector.matchLabels]])
  expect(JSON.stringify(selected) === labels, `${what}: selects ${JSON.stringify(selected)}, pods have ${labels}`);
expect(JSON.stringify(monitor.spec.selector.matchLabels) === JSON.stringify(service.metadata.labels), "ServiceMonitor: does not select the Service");
expect(service.spec.ports[0].targetPort === port.name, "Service: the port is not the container's");
expect(port.containerPort === 8001, "Deployment: expected port 8001");
expect(container.volumeMounts.every(mount => mount.name in volumes), "Deployment: a mount without a volume");
expect(volumes.models.persistentVolumeClaim.claimName === claim.metadata.name, "Deployment: models are not the claim's");
expect(volumes.tokens.secret.items[0].key in secret.stringData, "Deployment: the Secret has no tokens");
expect(container.env.every(one => one.valueFrom.secretKeyRef.key in secret.stringData), "Deployment: not in the Secret");
expect(container.envFrom[0].configMapRef.name === config.metadata.name, "Deployment: not the ConfigMap");
expect(kustomization.images[0].name === container.image, "kustomization.yaml: replaces another image");
expect(!("replicas" in deployment.spec), "Deployment: replicas are the autoscaler's");
expect(autoscaler.spec.scaleTargetRef.name === deployment.metadata.name && autoscaler.spec.minReplicas >= 2, "HorizontalPodAutoscaler");

// ---- probes ----

const probe = (name, path) => {
  const {httpGet} = container[name];
  expect(httpGet.path === path && httpGet.port === port.name, `Deployment: ${name} asks ${JSON.stringify(httpGet)}`);
};
probe("startupProbe", "/livez");
probe("livenessProbe", "/livez");
probe("readinessProbe", "/readyz");

// ---- leaving: the balancer notices within the delay, and the pod is not killed before it has drained ----

const seconds = text => Number(/^([0-9]+)s$/.exec(text)[1]);
const settings = {...config.data, REDIS_PASSWORD: secret.stringData.REDIS_PASSWORD};
const printed = execFileSync(winnowd, ["--print-config"], {env: settings, encoding: "utf8"});
const value = name => seconds(new RegExp(`^${name} = "?([^" ]*)"? `, "m").exec(printed)[1]);
const ready = container.readinessProbe;
expect(value("shutdown-delay") > ready.periodSeconds * ready.failureThreshold + ready.timeoutSeconds,
  "ConfigMap: the delay is too short for the readiness probe");
expect(pod.terminationGracePeriodSeconds > value("shutdown-delay") + value("drain-timeout") + 5,
  "Deployment: terminationGracePeriodSeconds is too short");

// ---- what the profile "restricted" of Kubernetes asks for, and more ----

const security = {...pod.securityContext, ...container.securityContext};
expect(security.runAsNonRoot && security.runAsUser > 0, "Deployment: may run as root");
expect(security.allowPrivilegeEscalation === false && security.readOnlyRootFilesystem, "Deployment: not confined");
expect(JSON.stringify(security.capabilities) === '{"drop":["ALL"]}', "Deployment: keeps capabilities");
expect(security.seccompProfile.type === "RuntimeDefault", "Deployment: no seccomp profile");
expect(pod.automountServiceAccountToken === false, "Deployment: has a token of the API");
for (const resource of ["requests", "limits"]) expect("memory" in container.resources[resource], `Deployment: no ${resource} of memory`);

// ---- training: as confined as the daemon, and it writes the models of the claim ----

const {CronJob: nightly, Service: admin} = trainingObjects;
expect(JSON.stringify(Object.keys(trainingObjects).sort()) === '["CronJob","Service"]', "training.yaml: expected a CronJob and a Service");
const job = nightly.spec.jobTemplate.spec.template.spec;
const [trainer] = job.containers;
const confined = {...job.securityContext, ...trainer.securityContext};
expect(nightly.spec.suspend === true, "CronJob: must not run before somebody wants it");
expect(confined.runAsNonRoot && confined.readOnlyRootFilesystem && confined.allowPrivilegeEscalation === false &&
  JSON.stringify(confined.capabilities) === '{"drop":["ALL"]}' && job.automountServiceAccountToken === false, "CronJob: not confined");
expect(trainer.image === container.image, "CronJob: another image");
expect(job.volumes[0].persistentVolumeClaim.claimName === claim.metadata.name, "CronJob: models are not the claim's");
const environment = Object.fromEntries(trainer.env.map(one => [one.name, one]));
expect(environment.MODEL_DIR.value === trainer.volumeMounts[0].mountPath, "CronJob: MODEL_DIR is not where the models are");
expect(environment.TRAIN_ADMIN.value === `${admin.metadata.name}:${admin.spec.ports[0].port}`, "CronJob: TRAIN_ADMIN is not the Service");
expect(admin.spec.clusterIP === "None" && JSON.stringify(admin.spec.selector) === labels, "Service winnow-admin: expected the pods' own addresses");
expect(trainer.env.every(one => !one.valueFrom || one.valueFrom.secretKeyRef.optional || one.valueFrom.secretKeyRef.key in secret.stringData),
  "CronJob: not in the Secret");

// ---- metrics: the operator's fields, the adapter's metric ----

const allowed = {"": ["apiVersion", "kind", "metadata", "spec"], spec: ["selector", "endpoints"], endpoint: ["port", "path", "interval"]};
const only = (object, fields, where) =>
  Object.keys(object).forEach(key => expect(fields.includes(key), `ServiceMonitor: unknown field ${where}${key}`));
only(monitor, allowed[""], "");
only(monitor.spec, allowed.spec, "spec.");
monitor.spec.endpoints.forEach(endpoint => only(endpoint, allowed.endpoint, "spec.endpoints."));
expect(monitor.apiVersion === "monitoring.coreos.com/v1", "ServiceMonitor: another version");
expect(monitor.spec.endpoints[0].port === service.spec.ports[0].name, "ServiceMonitor: the Service has no such port");
expect(service.metadata.name === "winnow", "Service: the alert rules require the job name winnow");
const [rule] = documents("prometheus-adapter.yaml")[0].rules.custom;
expect(rule.name.as === autoscaler.spec.metrics[0].pods.metric.name, "prometheus-adapter.yaml: not the autoscaler's metric");
const metrics = new Set(readFileSync(join(source, "tests/actors/golden/metrics.txt"), "utf8").split("\n").map(line => line.split(/[ {]/)[0]));
for (const name of `${rule.seriesQuery} ${rule.metricsQuery}`.match(/winnow_[a-z_]+/g))
  expect(metrics.has(name), `prometheus-adapter.yaml: winnowd has no metric ${name}`);

finish();

function finish() {
  if (wrong.length > 0) console.log(wrong.join("\n"));
  process.exit(wrong.length > 0 ? 1 : 0);
}
