using System.Globalization;
using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Golden;

/// <summary>
/// NaN, infinity, and numbers whose exponential is no normal number: outputs, losses and gradients are PyTorch's, at every width, for one
/// sample and for more than a vector of them, for images of one channel and of more than a vector (<c>golden/make_special_values.py</c>).
/// </summary>
public sealed class SpecialValueTests
{
    private const int Channels = 17, Samples = 18;

    private static readonly Case[] Cases = Read().ToArray();

    private static readonly CompiledNetworks.Group Compiled = new(Cases.Select(c => c.Stack).DistinctBy(s => s.Name).ToArray());

    public static TheoryData<string> Forms => new(CodeForm.All.Select(form => form.ToString()));

    private sealed record Case(Stack Stack, double[] Input, double[] Target, double? Loss, double[] Output, double[] Gradient);

    [Theory, MemberData(nameof(Forms))]
    public void Outputs_losses_and_gradients_are_those_of_PyTorch(string code)
    {
        CodeForm form = CodeForm.Named(code);
        var faults = new List<string>();
        foreach (IGrouping<Stack, Case> group in Cases.GroupBy(c => c.Stack))
        {
            INetworkInstance net = Compiled[group.Key.Name, form.Consumer].Create(1);
            using ISessionAdapter session = net.CreateSession(Samples, new SessionOptions { VectorWidth = form });
            using ITrainerAdapter trainer = net.CreateTrainer(Samples, new SGD(0.1f), new TrainerOptions { VectorWidth = form });
            foreach (Case example in group)
            {
                foreach (int count in new[] { 1, Samples })
                    Check(example, session, trainer, count, faults,
                        $"{example.Stack.Text} at {string.Join(" ", example.Input)} on {form}, {count} samples");
            }
        }
        Assert.True(faults.Count == 0, $"{faults.Count} wrong: {string.Join("\n", faults.Take(20))}");
    }

    private static void Check(Case example, ISessionAdapter session, ITrainerAdapter trainer, int count, List<string> faults, string what)
    {
        float[] input = Floats(Repeat(example.Input, count)), output = new float[count * example.Output.Length],
            gradient = new float[input.Length];
        session.Forward(input, output);
        Compare(faults, $"output of {what}", Repeat(example.Output, count), output, Smallest);
        trainer.Forward(input, output);
        Compare(faults, $"training output of {what}", Repeat(example.Output, count), output, Smallest);

        double[] expected = example.Gradient;
        double floor = FollowsFromOutput(example.Stack) ? 1e-6 : Smallest;
        if (example.Loss is double loss)
        {
            bool isLabel = example.Target.Length == 1 && example.Input.Length > 1;
            int[] labels = isLabel ? Array.ConvertAll(Repeat(example.Target, count), v => (int)v) : [];
            Compare(faults, $"loss of {what}", [loss],
                [trainer.Backward(labels, isLabel ? [] : Floats(Repeat(example.Target, count)), gradient)], 1e-6);
            // All reductions here are means over the samples too.
            expected = Array.ConvertAll(expected, g => g / count);
            floor = 1e-6;
        }
        else
        {
            int plane = example.Stack.Text.StartsWith($"in:{Channels}x", StringComparison.Ordinal) ? example.Output.Length / Channels
                : example.Output.Length;
            trainer.BackwardFromOutput(Enumerable.Range(0, output.Length).Select(i => 1f + i % plane % 3).ToArray(), gradient);
        }
        Compare(faults, $"gradient of {what}", Repeat(expected, count), gradient, floor);
    }

    /// <summary>A few of the smallest numbers that there are.</summary>
    private const double Smallest = 2e-43;

    /// <summary>The derivative is a sum with the output, or of it, and so right to the output's digits only.</summary>
    private static bool FollowsFromOutput(Stack stack) =>
        stack.Text.Split(' ')[1].Split(':')[0] is "elu" or "selu" or "softmax" or "logsoftmax";

    private static void Compare(List<string> faults, string what, double[] expected, float[] actual, double floor)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            double e = expected[i];
            bool right = double.IsNaN(e) ? float.IsNaN(actual[i])
                : double.IsInfinity(e) || e == 0 ? actual[i] == e
                : Math.Abs(actual[i] - e) <= 1e-5 * Math.Abs(e) + floor;
            if (!right)
                faults.Add($"{what}: element {i} is {actual[i]:R}, expected {e:R}.");
        }
    }

    private static IEnumerable<Case> Read()
    {
        var stacks = new Dictionary<string, Stack>();
        Stack StackOf(string text)
        {
            if (!stacks.TryGetValue(text, out Stack? stack))
                stacks.Add(text, stack = Stack.Parse(text, string.Create(CultureInfo.InvariantCulture, $"Special{stacks.Count}")));
            return stack;
        }
        foreach (SpecialValues values in SpecialValues.Read())
        {
            (string network, double[] input, _, double? loss, double[] output, double[] gradient) = values;
            yield return new Case(StackOf(network), input, values.Target, loss, output, gradient);
            // Every channel of an image by itself.
            if (network.StartsWith("in:1x", StringComparison.Ordinal) && loss is null)
            {
                Stack channels = StackOf(network.Replace("in:1x", $"in:{Channels}x", StringComparison.Ordinal));
                yield return new Case(channels, Repeat(input, Channels), [], null, Repeat(output, Channels), Repeat(gradient, Channels));
            }
        }
    }

    private static double[] Repeat(double[] values, int times) => Enumerable.Repeat(values, times).SelectMany(v => v).ToArray();

    private static float[] Floats(double[] values) => Array.ConvertAll(values, v => (float)v);
}
