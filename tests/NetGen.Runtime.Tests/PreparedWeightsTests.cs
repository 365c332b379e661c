using NetGen.CompilerServices;

namespace NetGen.Runtime.Tests;

public unsafe class PreparedWeightsTests
{
    private const int Length = 64;

    // Negates the parameters, in two steps, so that who reads too early sees something else.
    private sealed class Negation(AlignedBuffer parameters) : IPreparation
    {
        public int Times;

        public void Prepare(float* prepared)
        {
            Interlocked.Increment(ref Times);
            for (int i = 0; i < Length; i++)
                prepared[i] = parameters.Pointer[i];
            for (int i = 0; i < Length; i++)
                prepared[i] = -prepared[i];
        }
    }

    private static void Fill(AlignedBuffer buffer, float value)
    {
        new Span<float>(buffer.Pointer, Length).Fill(value);
        buffer.Touch();
    }

    private static bool AllAre(float* values, float value) => !new ReadOnlySpan<float>(values, Length).ContainsAnyExcept(value);

    [Fact]
    public void Derived_once_for_each_version_and_in_place_where_nobody_reads()
    {
        using var parameters = new AlignedBuffer(Length);
        var prepared = new PreparedWeights(parameters, Length);
        var negation = new Negation(parameters);
        nint address = 0;
        for (int version = 1; version <= 3; version++)
        {
            Fill(parameters, version);
            for (int i = 0; i < 3; i++)
            {
                using PreparedWeights.Lease lease = prepared.Take(negation);
                Assert.True(AllAre(lease.Pointer, -version));
                address = address == 0 ? (nint)lease.Pointer : address;
                Assert.Equal(address, (nint)lease.Pointer);
            }
            Assert.Equal(version, negation.Times);
        }
    }

    [Fact]
    public void Who_reads_keeps_what_it_has_taken()
    {
        using var parameters = new AlignedBuffer(Length);
        var prepared = new PreparedWeights(parameters, Length);
        var negation = new Negation(parameters);
        Fill(parameters, 1);
        using (PreparedWeights.Lease first = prepared.Take(negation))
        {
            Fill(parameters, 2);
            using (PreparedWeights.Lease second = prepared.Take(negation))
            {
                Fill(parameters, 3);
                using PreparedWeights.Lease third = prepared.Take(negation);
                Assert.True(AllAre(first.Pointer, -1));
                Assert.True(AllAre(second.Pointer, -2));
                Assert.True(AllAre(third.Pointer, -3));
            }
            Assert.True(AllAre(first.Pointer, -1));
        }
        using PreparedWeights.Lease last = prepared.Take(negation);
        Assert.True(AllAre(last.Pointer, -3));
        Assert.Equal(3, negation.Times);
    }

    [Fact]
    public void What_could_not_be_derived_is_derived_by_the_next()
    {
        using var parameters = new AlignedBuffer(Length);
        var prepared = new PreparedWeights(parameters, Length);
        var negation = new Negation(parameters);
        Fill(parameters, 1);
        Assert.Throws<FormatException>(() => prepared.Take(new Failure()).Dispose());
        using (PreparedWeights.Lease first = prepared.Take(negation))
        {
            Fill(parameters, 2);
            // Here it would go to a new copy, since the first is read.
            Assert.Throws<FormatException>(() => prepared.Take(new Failure()).Dispose());
            Assert.True(AllAre(first.Pointer, -1));
        }
        using PreparedWeights.Lease second = prepared.Take(negation);
        Assert.True(AllAre(second.Pointer, -2));
    }

    [Fact]
    public void Many_readers_and_a_writer()
    {
        using var parameters = new AlignedBuffer(Length);
        var prepared = new PreparedWeights(parameters, Length);
        Fill(parameters, 7);
        int wrong = 0, reading = 3;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(i => new Thread(() =>
        {
            if (i == 3)
            {
                while (Volatile.Read(ref reading) > 0)
                    parameters.Touch();
                return;
            }
            var negation = new Negation(parameters);
            for (int round = 0; round < 20_000; round++)
            {
                using PreparedWeights.Lease lease = prepared.Take(negation);
                for (int look = 0; look < 3; look++)
                {
                    if (!AllAre(lease.Pointer, -7))
                        Interlocked.Increment(ref wrong);
                }
            }
            Interlocked.Decrement(ref reading);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(0, wrong);
    }

    private sealed class Failure : IPreparation
    {
        public void Prepare(float* prepared) => throw new FormatException();
    }
}
