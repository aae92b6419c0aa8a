// Web Test Runner's mocha globals, typed without pulling Node's test types into browser tests.
/// <reference types="mocha" />
