// Run once, by the image, at the first start: the user of the services. It may use its own database, and make the replica set.
const admin = db.getSiblingDB('admin');
admin.createRole({
  role: 'orchestratorInitiate',
  privileges: [{ resource: { cluster: true }, actions: ['replSetConfigure', 'replSetGetStatus'] }],
  roles: [],
});
db.getSiblingDB('orchestrator').createUser({
  user: process.env.ORCH_MONGO_USER,
  pwd: process.env.ORCH_MONGO_PASSWORD,
  roles: [{ role: 'readWrite', db: 'orchestrator' }, { role: 'orchestratorInitiate', db: 'admin' }],
});
