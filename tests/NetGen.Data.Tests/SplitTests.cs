namespace NetGen.Data.Tests;

/// <summary>How samples are divided: how many of each class go where, each once, and by the seed alone.</summary>
public sealed class SplitTests
{
    [Fact]
    public void Counts_are_PyTorchs()
    {
        Assert.Equal([4, 3, 3], DataSplit.Counts(10, 1.0 / 3, 1.0 / 3, 1.0 / 3));
        Assert.Equal([81, 10, 10], DataSplit.Counts(101, 0.8, 0.1, 0.1));
        Assert.Equal([0, 1], DataSplit.Counts(1, 0, 1));
        Assert.Throws<ArgumentException>(() => DataSplit.Counts(5, 0.5, 0.4));
        Assert.Throws<ArgumentException>(() => DataSplit.Counts(5, 1.5, -0.5));
    }

    /// <summary>60, 30 and 10 of three classes by 80, 10 and 10 percent: whole numbers, which are hit exactly.</summary>
    [Fact]
    public void Stratified_shares_that_are_whole_are_exact()
    {
        int[] labels = [.. Enumerable.Range(0, 100).Select(i => i % 10 < 6 ? 0 : i % 10 < 9 ? 1 : 2)];
        int[][] sets = DataSplit.Stratified(labels, 5, 0.8, 0.1, 0.1);
        Assert.Equal([48, 24, 8], Classes(labels, sets[0], 3));
        Assert.Equal([6, 3, 1], Classes(labels, sets[1], 3));
        Assert.Equal([6, 3, 1], Classes(labels, sets[2], 3));
        AssertPartition(sets, 100);
        Assert.NotEqual(sets[0].Order(), sets[0]);
        Assert.Equal(sets[1], DataSplit.Stratified(labels, 5, 0.8, 0.1, 0.1)[1]);
        Assert.NotEqual(sets[1], DataSplit.Stratified(labels, 6, 0.8, 0.1, 0.1)[1]);
    }

    [Fact]
    public void Stratified_shares_are_near_and_sizes_exact()
    {
        var random = new Random(3);
        for (int trial = 0; trial < 500; trial++)
        {
            int count = random.Next(1, 200), classes = random.Next(1, 8);
            int[] labels = [.. Enumerable.Range(0, count).Select(_ => random.Next(random.Next(1, classes + 1)) * 3 - 3)];
            double first = random.NextDouble(), second = (1 - first) * random.NextDouble();
            double[] shares = [first, second, 1 - first - second];
            int[][] sets = DataSplit.Stratified(labels, (ulong)trial, shares);
            int[] sizes = DataSplit.Counts(count, shares);
            AssertPartition(sets, count);
            Assert.Equal(sizes, sets.Select(set => set.Length));
            foreach (IGrouping<int, int> group in labels.GroupBy(label => label))
            {
                for (int set = 0; set < 3; set++)
                {
                    double exact = (double)group.Count() * sizes[set] / count;
                    Assert.InRange(sets[set].Count(sample => labels[sample] == group.Key), exact - 1.9999, exact + 1.9999);
                }
            }
        }
    }

    /// <summary>Over many seeds each sample is in the first set as often as any other.</summary>
    [Fact]
    public void Each_sample_is_as_likely_in_a_set()
    {
        int[] labels = [0, 0, 0, 0, 1, 1, 1, 1];
        int[] stratified = new int[8], plain = new int[8];
        for (ulong seed = 0; seed < 2000; seed++)
        {
            foreach (int sample in DataSplit.Stratified(labels, seed, 0.25, 0.75)[0])
                stratified[sample]++;
            foreach (int sample in DataSplit.Random(8, seed, 0.25, 0.75)[0])
                plain[sample]++;
        }
        Assert.All(stratified, count => Assert.InRange(count, 400, 600));
        Assert.All(plain, count => Assert.InRange(count, 400, 600));
    }

    [Fact]
    public void Sets_of_images_are_divided()
    {
        int[] labels = [.. Enumerable.Range(0, 40).Select(i => i % 4)];
        var set = new InMemoryImages(new byte[40], new ImageShape(1, 1, 1), PixelLayout.Planar, labels);
        ImageDataset[] sets = set.StratifiedSplit(1, 0.5, 0.25, 0.25);
        Assert.Equal([20, 10, 10], sets.Select(part => part.Count));
        Assert.Equal([5, 5, 5, 5], Enumerable.Range(0, 4).Select(label => Enumerable.Range(0, 20).Count(i => sets[0].LabelOf(i) == label)));
        Assert.Equal(DataSplit.Random(40, 3, 0.5, 0.5)[1].Select(i => labels[i]),
            Enumerable.Range(0, 20).Select(set.RandomSplit(3, 0.5, 0.5)[1].LabelOf));
    }

    private static int[] Classes(int[] labels, int[] samples, int classes) =>
        [.. Enumerable.Range(0, classes).Select(label => samples.Count(sample => labels[sample] == label))];

    private static void AssertPartition(int[][] sets, int count)
        => Assert.Equal(Enumerable.Range(0, count), sets.SelectMany(set => set).Order());
}
