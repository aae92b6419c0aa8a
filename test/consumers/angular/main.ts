import '@angular/compiler';
import { provideZonelessChangeDetection } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import '../flows';
import { AppComponent } from './app.component';

void bootstrapApplication(AppComponent, { providers: [provideZonelessChangeDetection()] });
