namespace NetGen;

/// <summary>
/// A function of your own, applied to every element: y = f(x), with the derivative that it gives. The output has the shape of the input.
/// </summary>
/// <typeparam name="T">
/// A structure that implements <see cref="IActivation"/>, and that the rest of the project can name: neither private nor local to a file.
/// A function with constants is a generic structure, whose type arguments give them.
/// </typeparam>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ActivationAttribute<T> : LayerAttribute
    where T : struct, IActivation;
