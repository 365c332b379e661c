using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Losses;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Networks;

/// <summary>
/// With whole numbers float32 makes no error in any order of summation, so results must be equal. Equal values meet in pools
/// and zeros in front of ReLU all the time: the gradient goes to the first of the largest, and stops at zero, as in PyTorch.
/// </summary>
public sealed class ExactArithmeticTests
{
    private const int Seed = 5;
    private static readonly int[] Counts = [1, 5, 16, 21];

    private static readonly string[] Texts =
    [
        "in:3x7x6 max:k2,s1",
        "in:17x8x8 max:k3,s2,p1",
        "in:5x9x9 max:k3,s3,p1,ceil",
        "in:16x8x8 max:k2",
        "in:33x5x5 relu",
        "in:40 relu",
        "in:3x8x8 conv:20,k3,p1 relu max:k2",
        "in:3x8x8 conv:8,k3,p1 max:k2 relu",
        "in:2x9x9 conv:17,k3 relu max:k3,s2,ceil",
        "in:1x12x12 conv:6,k7,p3 relu avg:k2 conv:5,k3 max:k2",
        "in:4x6x6 res[ conv:4,k3,p1 relu ] max:k2,s1 flatten linear:7",
        "in:5x6x6 res[ max:k3,s1,p1 ]",
        "in:16 linear:32 relu linear:16 relu linear:4",
        "in:33 linear:17 relu res[ linear:17 relu ] linear:1 mse",
        "in:7x4x4 conv:8,k3,s2,p1,nobias mse",
        // Joins: ties share a gradient, sums over what was broadcast.
        "in:5x4x5 conv@a:5,k1 conv:5,k1 maximum:a minimum:input", "in:16x3x3 relu maximumc:0 minimumc:1",
        "in:40 relu@r maximum:input add:r,.",
        "in:17x4x4 relu@a mul:input sub:a concat:a,. concat:.,.,dim2",
        "in:1x5x4 add[ identity | conv:16,k1 max:k5x4 | max:k5x4 ] mulc:2 subc:3",
        "in:16x4x3 mul[ max:k4x1 | conv:16,k1 ] maximum[ identity | max:k1x3 ]", "in:9 sub[ linear:1 | linear:5 ] mul[ relu | linear:1 ]",
    ];

    private static readonly CompiledNetworks.Group Compiled = new(Stacks.ToArray());

    private static IEnumerable<Stack> Stacks => Texts.Select((t, i) => Stack.Parse(t, $"Exact{i}"));

    public static TheoryData<string> Table => new(Texts);

    [Theory]
    [MemberData(nameof(Table))]
    public void Results_are_equal(string text)
    {
        Stack stack = Stacks.Single(s => s.Text == text);
        float[][] parameters = stack.Parameters.Select((p, i) => Numbers.Integers(Seed + i, p.Length, 2)).ToArray();
        float[] input = Numbers.Integers(Seed * 100, Counts[^1] * stack.Input.Size, 3);
        var target = new Target { Values = Numbers.Integers(Seed * 200, Counts[^1] * stack.Output.Size, 2) };
        IReadOnlyList<ReferenceResult> references = new ReferenceInterpreter(stack, parameters).Run(input, target, Counts);
        foreach (Configuration configuration in Configuration.All)
        {
            INetworkInstance net = NetworkChecker.CreateWith(Compiled[stack.Name, configuration.Consumer], stack, parameters);
            using ITrainerAdapter trainer = net.CreateTrainer(Counts[^1], new SGD(0.5f), configuration.TrainerOptions);
            foreach (ReferenceResult reference in references.Reverse())
            {
                int n = reference.Count;
                var output = new float[n * stack.Output.Size];
                var inputGradient = new float[n * stack.Input.Size];
                trainer.Forward(input.AsSpan(0, inputGradient.Length), output);
                AssertEqual(reference.Output, output, $"{stack}: output, {configuration}, {n} samples");
                // The mean of a loss over any number of samples is not exact: the output's gradient is given.
                if (stack.Loss is not null)
                    continue;
                trainer.BackwardFromOutput(target.Values.AsSpan(0, output.Length), inputGradient);
                AssertEqual(reference.InputGradient, inputGradient, $"{stack}: input gradient, {configuration}, {n} samples");
                for (int p = 0; p < parameters.Length; p++)
                    AssertEqual(reference.ParameterGradients[p], trainer.Gradients[p].ToArray(),
                        $"{stack}: gradient of {stack.Parameters[p].Name}, {configuration}, {n} samples");
            }
        }
    }

    private static void AssertEqual(Estimate expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < actual.Length; i++)
        {
            Check.That(Math.Abs(expected.Values[i]) < 1 << 24,
                $"{what}: {expected.Values[i]} at {i} is not exact in float32: the test's numbers are too large.");
            Check.That(expected.Values[i] == actual[i], $"{what}: element {i} is {actual[i]:R}, expected exactly {expected.Values[i]:R}.");
        }
    }
}
