using System.Reflection;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Harness;

/// <summary>
/// The methods of a generated session that compute one of several outputs alone: found by their names, since the generator decides which
/// there are, and held to the bits that a whole forward pass gives.
/// </summary>
internal static class PartialForwards
{
    private delegate void OfOne(ReadOnlySpan<float> a, Span<float> output);

    private delegate void OfTwo(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> output);

    private delegate void OfThree(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, Span<float> output);

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
            ReadOnlyMemory<float>[] given = [.. parameters[..^1].Select(parameter => inputs[IndexOf(stack.Inputs, parameter.Name!)])];
            var output = new GuardedBuffer(samples * stack.Outputs[port].Shape.Size);
            Call(method, session, given, output.Memory);
            string what = where($"{method.Name} of {samples} samples");
            Assert.True(expected[port].Span.SequenceEqual(output.Span), $"{what} gives other bits than Forward.");
            output.CheckEdges(what);
        }
    }

    private static bool IsPartial(MethodInfo method) =>
        method.Name.Length > "Forward".Length && method.Name.StartsWith("Forward", StringComparison.Ordinal);

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
        switch (inputs.Length)
        {
            case 1:
                method.CreateDelegate<OfOne>(session)(inputs[0].Span, output.Span);
                break;
            case 2:
                method.CreateDelegate<OfTwo>(session)(inputs[0].Span, inputs[1].Span, output.Span);
                break;
            case 3:
                method.CreateDelegate<OfThree>(session)(inputs[0].Span, inputs[1].Span, inputs[2].Span, output.Span);
                break;
            default:
                Assert.Fail($"{method.Name} has {inputs.Length} inputs, more than the tests know.");
                break;
        }
    }
}
