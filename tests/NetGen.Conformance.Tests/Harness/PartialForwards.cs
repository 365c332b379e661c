using System.Reflection;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Harness;

/// <summary>
/// The methods of a generated session that compute one of several outputs alone: found by their names, since the generator decides which
/// there are, and held to the bits that a whole forward pass gives.
/// </summary>
internal static class PartialForwards
{
    private delegate void OfOne<A>(ReadOnlySpan<A> a, Span<float> output);

    private delegate void OfTwo<A, B>(ReadOnlySpan<A> a, ReadOnlySpan<B> b, Span<float> output);

    private delegate void OfThree<A, B, C>(ReadOnlySpan<A> a, ReadOnlySpan<B> b, ReadOnlySpan<C> c, Span<float> output);

    /// <param name="session">The generated one.</param>
    /// <param name="inputs">By input.</param>
    /// <param name="expected">By output, what a whole pass gives.</param>
    public static void Check(
        object session, Stack stack, ReadOnlyMemory<float>[] inputs, GuardedBuffer[] expected, int samples, Func<string, string> where)
    {
        foreach (MethodInfo method in session.GetType().GetMethods().Where(IsPartial))
        {
            System.Reflection.ParameterInfo[] parameters = method.GetParameters();
            int port = IndexOf(stack.Outputs, parameters[^1].Name!);
            Assert.Equal("Forward" + stack.Outputs[port].Name, method.Name.Replace("_", ""), ignoreCase: true);
            ReadOnlyMemory<float>[] given = [.. parameters[..^1].Select(parameter => inputs[InputOf(stack, parameter.Name!)])];
            var output = new GuardedBuffer(stack.Elements(stack.Outputs[port], samples));
            Call(method, session, given, output.Memory);
            string what = where($"{method.Name} of {samples} samples");
            Assert.True(expected[port].Span.SequenceEqual(output.Span), $"{what} gives other bits than Forward.");
            output.CheckEdges(what);
        }
    }

    private static bool IsPartial(MethodInfo method) =>
        method.Name.Length > "Forward".Length && method.Name.StartsWith("Forward", StringComparison.Ordinal);

    /// <summary>Behind the inputs come the lengths.</summary>
    private static int InputOf(Stack stack, string parameter)
    {
        int axis = stack.Axes.ToList().FindIndex(port => parameter == AdapterWriter.LengthsOf(stack, port));
        return axis >= 0 ? stack.Inputs.Count + axis : IndexOf(stack.Inputs, parameter);
    }

    private static int IndexOf(IReadOnlyList<Port> ports, string parameter)
    {
        if (ports.Count == 1)
            return 0;
        int index = ports.ToList().FindIndex(port => parameter.Equals(port.Name, StringComparison.OrdinalIgnoreCase)
            || parameter.Equals(port.Name + "Values", StringComparison.OrdinalIgnoreCase));
        Assert.True(index >= 0, $"There is no port of the name {parameter}.");
        return index;
    }

    private static void Call(MethodInfo method, object session, ReadOnlyMemory<float>[] inputs, Memory<float> output)
    {
        Assert.True(inputs.Length <= 3, $"{method.Name} has {inputs.Length} inputs, more than the tests know.");
        Type[] elements = [.. method.GetParameters()[..^1].Select(parameter => parameter.ParameterType.GetGenericArguments()[0])];
        MethodInfo call = typeof(PartialForwards).GetMethods(BindingFlags.Static | BindingFlags.NonPublic)
            .Single(own => own.Name == nameof(CallOf) && own.GetGenericArguments().Length == inputs.Length);
        call.MakeGenericMethod(elements).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [method, session, inputs, output], null);
    }

    private static void CallOf<A>(MethodInfo method, object session, ReadOnlyMemory<float>[] inputs, Memory<float> output) =>
        method.CreateDelegate<OfOne<A>>(session)(Elements<A>(inputs[0]), output.Span);

    private static void CallOf<A, B>(MethodInfo method, object session, ReadOnlyMemory<float>[] inputs, Memory<float> output) =>
        method.CreateDelegate<OfTwo<A, B>>(session)(Elements<A>(inputs[0]), Elements<B>(inputs[1]), output.Span);

    private static void CallOf<A, B, C>(MethodInfo method, object session, ReadOnlyMemory<float>[] inputs, Memory<float> output) =>
        method.CreateDelegate<OfThree<A, B, C>>(session)(
            Elements<A>(inputs[0]), Elements<B>(inputs[1]), Elements<C>(inputs[2]), output.Span);

    private static T[] Elements<T>(ReadOnlyMemory<float> numbers) => (T[])(object)(typeof(T) == typeof(int)
        ? Ints.Of(numbers.Span) : numbers.ToArray());
}
