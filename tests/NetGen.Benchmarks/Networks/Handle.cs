using System.Reflection;

namespace NetGen.Benchmarks.Networks;

internal delegate void ForwardCall<T>(ReadOnlySpan<T> input, Span<float> output);

/// <summary>A generated session or trainer, so that networks of different types can stand in one list.</summary>
internal abstract class Handle(IDisposable owner) : IDisposable
{
    /// <summary>What it says that it runs.</summary>
    public string Schedule => (string)owner.GetType().GetProperty("Schedule")!.GetValue(owner)!;

    /// <summary>A forward pass of these samples into the output, to be called any number of times.</summary>
    public Action Forward(Samples samples, float[] output) => samples.ForwardOf(this, output);

    public void Dispose() => owner.Dispose();

    /// <summary>A public method of the generated class, found by the delegate's parameters.</summary>
    public T Bind<T>(string method)
        where T : Delegate
    {
        Type[] parameters = [.. typeof(T).GetMethod("Invoke")!.GetParameters().Select(parameter => parameter.ParameterType)];
        MethodInfo found = owner.GetType().GetMethod(method, parameters) ?? throw new MissingMemberException(
            $"The generated class {owner.GetType()} has no {method}({string.Join(", ", parameters.Select(parameter => parameter.Name))}).");
        return found.CreateDelegate<T>(owner);
    }
}
