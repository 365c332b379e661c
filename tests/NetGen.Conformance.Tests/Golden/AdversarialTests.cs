using System.Globalization;
using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Golden;

/// <summary>
/// Two networks that train against each other as PyTorch's do (<c>golden/gan.py</c>): what a generator learns from is the gradient of the
/// discriminator's input.
/// </summary>
public sealed class AdversarialTests
{
    private const float Rate = 0.002f, Beta1 = 0.5f;

    public static TheoryData<string> Forms => new(CodeForm.All.Select(form => form.ToString()));

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_generator_and_a_discriminator_train_as_in_PyTorch(string form)
    {
        GoldenTensors golden = GoldenTensors.Read(Path.Combine(GoldenFile.Folder, "pairs", "dcgan.safetensors"));
        int count = int.Parse(golden.Metadata["batch"], CultureInfo.InvariantCulture);
        int seed = int.Parse(golden.Metadata["seed"], CultureInfo.InvariantCulture);
        CodeForm code = CodeForm.Named(form);
        Stack words = Stack.Parse(golden.Metadata["generator"]), judge = Stack.Parse(golden.Metadata["discriminator"]);
        INetworkInstance generatorNet = Create(words, seed, code), discriminatorNet = Create(judge, seed + 1, code);
        var options = new TrainerOptions { VectorWidth = code };
        using ITrainerAdapter generator = generatorNet.CreateTrainer(count, new Adam(Rate, Beta1), options);
        using ITrainerAdapter discriminator = discriminatorNet.CreateTrainer(2 * count, new Adam(Rate, Beta1), options);

        float[] ones = [.. Enumerable.Repeat(1f, count)], targets = [.. ones, .. new float[count]];
        float[] images = new float[count * words.Output.Size], gradient = new float[images.Length], verdict = new float[count];
        double[] judged = golden.Tensors["losses.discriminator"], fooled = golden.Tensors["losses.generator"];
        for (int step = 0; step < judged.Length; step++)
        {
            generator.Forward(Numbers.Uniform(seed * 1000 + 2 * step, count * words.Input.Size), images);
            float[] real = Numbers.Uniform(seed * 1000 + 2 * step + 1, images.Length);
            CheckLoss("discriminator", step, judged[step], discriminator.Step([.. real, .. images], [], targets));
            discriminator.Forward(images, verdict);
            CheckLoss("generator", step, fooled[step], discriminator.Backward([], ones, gradient));
            generator.BackwardFromOutput(gradient, []);
            if (step == 0)
            {
                Check("grad.images", gradient, 1e-5);
                foreach (Parameter parameter in generator.Gradients.Where(p => golden.Tensors.Keys.Any(key =>
                    key.StartsWith("grad." + p.Name, StringComparison.Ordinal))))
                    Check("grad." + parameter.Name, parameter.ToArray(), 1e-5);
            }
            generator.Update();
        }
        using ISessionAdapter session = generatorNet.CreateSession(count, new SessionOptions { VectorWidth = code });
        session.Forward(Numbers.Uniform(seed * 1000, count * words.Input.Size), images);
        Check("images", images, 1e-3);

        // Relative to the largest element: sums of two networks cancel.
        void Check(string entry, float[] actual, double relative)
        {
            double error = relative * actual.Max(Math.Abs) / Estimate.Tolerance;
            golden.Check(entry, Array.ConvertAll(actual, x => (double)x), [.. Enumerable.Repeat(error, actual.Length)]);
        }

        // Rounding grows from step to step, as in GoldenTests.
        void CheckLoss(string of, int step, double expected, double actual) => Assert.True(
            Math.Abs(actual - expected) <= (step == 0 ? 2e-6 : 3e-5 * step) * (0.1 + expected),
            $"{form}: loss of the {of} at step {step} is {actual:R}, PyTorch's {expected:R}.");
    }

    private static INetworkInstance Create(Stack stack, int seed, CodeForm code) => NetworkChecker.CreateWith(
        CompiledNetworks.Of(stack, code.Consumer), stack, ParameterInfo.Values(stack.Parameters, seed));
}
