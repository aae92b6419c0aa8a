// The approver's page: another role, another tab or another day.
import './page.js';
import { runtime } from '../components/index.js';

const users = {
  ada: { id: 'ada', name: 'Ada', roles: ['approver'] },
  eve: { id: 'eve', name: 'Eve', roles: ['approver'] },
  casey: { id: 'casey', name: 'Casey', roles: ['applicant'] },
};
const choice = document.querySelector<HTMLSelectElement>('#user')!;
const choose = (): void => {
  runtime.user = users[choice.value as keyof typeof users];
};
choice.addEventListener('change', choose);
choose();
