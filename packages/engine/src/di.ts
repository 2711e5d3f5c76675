/** The only file that imports these two, and in this order: tsyringe needs the metadata API when it loads. */
import 'reflect-metadata';
import { container, injectable as register, type DependencyContainer, type InjectionToken } from 'tsyringe';

export { inject } from 'tsyringe';
export type Container = DependencyContainer;

/** A key that remembers its service's type; a bare symbol would resolve to whatever the caller claims. */
export type Token<T> = symbol & { readonly service?: T };

export function token<T>(name: string): Token<T> {
  return Symbol(`@convoy/engine/${name}`);
}

/** tsyringe's, but strict: it would pass `undefined` for a parameter without @inject. */
export function injectable() {
  return <A extends never[], C extends new (...args: A) => object>(target: C): void => {
    const own: object = Reflect.getOwnMetadata('injectionTokens', target) ?? {};
    const bare = [...Array(target.length).keys()].filter((i) => !(i in own));
    if (bare.length > 0) throw new TypeError(`${target.name}: constructor parameter ${bare.join(', ')} has no @inject`);
    register()(target);
  };
}

export function provide<T>(to: Container, key: Token<T>, value: NoInfer<T>): void {
  to.register<T>(key, { useValue: value });
}

/** One object of the class for the container's life. */
export function provideClass<T extends object>(to: Container, key: Token<T>, made: new (...args: never[]) => T): void {
  to.registerSingleton<T>(key as InjectionToken<T>, made as new (...args: unknown[]) => T);
}

export function resolve<T>(from: Container, key: Token<T>): T {
  return from.resolve<T>(key);
}

/** A container of one's own: nothing is ever registered globally. */
export function createContainer(): Container {
  return container.createChildContainer();
}
